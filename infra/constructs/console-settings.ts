import { Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledgeFileDeployment } from './acknowledge-file-deployment.ts';

/** `config.json` beside the console's files: where the API is, and who signs users in. */
export class ConsoleSettings extends Construct {
  constructor(
    scope: Construct,
    id: string,
    options: { readonly bucket: IBucket; readonly settings: Readonly<Record<string, string>> },
  ) {
    super(scope, id);
    new BucketDeployment(this, 'Upload', {
      sources: [Source.jsonData('config.json', options.settings)],
      destinationBucket: options.bucket,
      prune: false,
      // else CloudFront and browsers would go on with an address of the API that is no more
      cacheControl: [CacheControl.noCache()],
    });
    acknowledgeFileDeployment(Stack.of(this), options.bucket);
  }
}
