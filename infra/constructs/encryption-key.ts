import type { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** A key of the operator's own. What it encrypts is lost with it, so it is retained where that is. */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, options: { encrypts: string; removalPolicy: RemovalPolicy }) {
    super(scope, id, {
      description: `Mailhaul: encrypts ${options.encrypts}`,
      enableKeyRotation: true,
      removalPolicy: options.removalPolicy,
    });
  }
}
