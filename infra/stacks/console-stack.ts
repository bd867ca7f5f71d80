import { resolve } from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ConsoleHosting } from '../constructs/console-hosting.ts';
import type { DomainAliases } from '../constructs/domain-aliases.ts';
import type { DeploymentOptions } from '../options/deployment-options.ts';

/** The console, from a folder of built files. What it must know of the service, the service stack writes beside them. */
export class ConsoleStack extends Stack {
  readonly address: string;
  readonly bucket: IBucket;

  constructor(
    scope: Construct,
    id: string,
    options: Pick<DeploymentOptions, 'consoleDomain' | 'consoleCertificate' | 'apiDomain' | 'issuer'> & {
      readonly consoleFolder: string;
      readonly aliases: DomainAliases | undefined;
    },
    props: StackProps,
  ) {
    super(scope, id, props);
    const { consoleDomain, consoleCertificate, apiDomain, issuer } = options;
    const hosting = new ConsoleHosting(this, 'Console', {
      folder: resolve(options.consoleFolder),
      domain:
        consoleDomain === undefined || consoleCertificate === undefined
          ? undefined
          : { name: consoleDomain, certificateArn: consoleCertificate },
      connectTo: [
        // the API and the user pool come after the console, which they must know
        `https://${apiDomain ?? `*.execute-api.${this.region}.${this.urlSuffix}`}`,
        issuer === undefined ? `https://*.auth.${this.region}.amazoncognito.com` : new URL(issuer).origin,
      ],
    });
    if (consoleDomain !== undefined)
      options.aliases?.ofDistribution(this, consoleDomain, hosting.distribution);
    this.address = hosting.address;
    this.bucket = hosting.bucket;
    new CfnOutput(this, 'ConsoleAddress', { value: this.address });
    // Others refer to it until they have been given a domain that is new here; an export in use cannot be taken away.
    this.exportValue(hosting.distribution.distributionDomainName);
  }
}
