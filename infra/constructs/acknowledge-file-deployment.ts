import { Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { z } from 'zod';
import { acknowledge } from './acknowledge.ts';

const OF_THE_CDK =
  'Of a function that the CDK brings and runs during a deployment only: it copies files into this bucket.';

const reference = z.union([
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  z.object({ 'Fn::ImportValue': z.string() }),
]);

/** The function that the CDK brings to copy files into a bucket; its role and runtime are the CDK's. */
export function acknowledgeFileDeployment(stack: Stack, bucket: IBucket): void {
  const findings = [
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    'L1',
    ...['GetBucket', 'GetObject', 'List', 'Abort', 'DeleteObject'].map((name) => `IAM5[Action::s3:${name}*]`),
    'IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
    `IAM5[Resource::${nameInFindings(stack, bucket)}/*]`,
    // invalidations of CloudFront
    'IAM5[Resource::*]',
  ];
  for (const child of stack.node.children) {
    if (!child.node.id.startsWith('Custom::CDKBucketDeployment')) continue;
    acknowledge(child, Object.fromEntries(findings.map((finding) => [finding, OF_THE_CDK])));
  }
}

/** The bucket's ARN as cdk-nag writes it: in its own stack by its logical id, in another by its export. */
function nameInFindings(stack: Stack, bucket: IBucket): string {
  const home = Stack.of(bucket);
  const arn = stack === home ? bucket.bucketArn : home.exportValue(bucket.bucketArn);
  const found = reference.parse(stack.resolve(arn));
  return 'Fn::GetAtt' in found ? `<${found['Fn::GetAtt'].join('.')}>` : found['Fn::ImportValue'];
}
