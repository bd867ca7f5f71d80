import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { FunctionAccess } from '../function-access.ts';
import { TABLE } from '../resources.ts';

/** What the functions work on. */
export interface ServiceData {
  readonly table: Pick<ITable, 'tableArn' | 'tableName'>;
  readonly tableKey: IKey;
  readonly secretKey: IKey;
  /** Begins the names of all secrets; ends with a slash. */
  readonly secretPrefix: string;
  readonly queues: Readonly<Record<'passes' | 'chunks', IQueue>>;
}

/** The statements of a function's role, for what it does and nothing more. */
export function accessStatements(
  scope: Construct,
  access: FunctionAccess,
  data: ServiceData,
): PolicyStatement[] {
  const statements = [...tableStatements(scope, access, data), ...secretStatements(scope, access, data)];
  if (access.sends.length > 0) {
    statements.push(
      new PolicyStatement({
        sid: 'Send',
        actions: ['sqs:SendMessage'],
        resources: access.sends.map((name) => data.queues[name].queueArn),
      }),
    );
  }
  return statements;
}

function tableStatements(scope: Construct, access: FunctionAccess, data: ServiceData): PolicyStatement[] {
  const { tableArn } = data.table;
  const indexes = access.indexes.map((name) => `${tableArn}/index/${TABLE.indexes[name].name}`);
  return [
    new PolicyStatement({
      sid: 'Table',
      actions: access.table.map((action) => `dynamodb:${action}`),
      resources: [tableArn],
    }),
    ...(indexes.length === 0
      ? []
      : [new PolicyStatement({ sid: 'Indexes', actions: ['dynamodb:Query'], resources: indexes })]),
    // DynamoDB uses the key in the name of whoever reads or writes ("DynamoDB encryption at rest: usage notes")
    new PolicyStatement({
      sid: 'TableKey',
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [data.tableKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': via(scope, 'dynamodb') } },
    }),
  ];
}

function secretStatements(scope: Construct, access: FunctionAccess, data: ServiceData): PolicyStatement[] {
  if (access.secrets.length === 0) return [];
  const secrets = Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${data.secretPrefix}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const statement = new PolicyStatement({
    sid: 'Secrets',
    actions: access.secrets.map((action) => `secretsmanager:${action}`),
    resources: [secrets],
  });
  const keyActions = [
    ...(access.secrets.includes('CreateSecret') ? ['kms:GenerateDataKey'] : []),
    // a secret that is made is also read, by Secrets Manager ("Secret encryption and decryption")
    ...(access.secrets.some((action) => action !== 'DeleteSecret') ? ['kms:Decrypt'] : []),
  ];
  if (keyActions.length === 0) return [statement];
  // Before it makes a secret, Secrets Manager tries whether the key may be used, and names the trial so.
  const encrypted = access.secrets.includes('CreateSecret')
    ? [secrets, 'RequestToValidateKeyAccess']
    : secrets;
  return [
    statement,
    new PolicyStatement({
      sid: 'SecretKey',
      actions: keyActions,
      resources: [data.secretKey.keyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': via(scope, 'secretsmanager') },
        StringLike: { 'kms:EncryptionContext:SecretARN': encrypted },
      },
    }),
  ];
}

function via(scope: Construct, service: string): string {
  return `${service}.${Stack.of(scope).region}.amazonaws.com`;
}
