/**
 * Run as a process of its own by the state folder's tests: starts a local cloud in the folder that is named, keeps
 * moving a mailbox about in the table's indexes, and prints each number once it is stored. It ends by being killed.
 */
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startLocalCloud } from '../../../infra/local/local-cloud.ts';

const [stateDir = '', secretName = ''] = process.argv.slice(2);
const cloud = await startLocalCloud({ stateDir });
Object.assign(process.env, cloud.environment);
const dynamoDb = new DynamoDBClient({});
const secrets = new SecretsManagerClient({});

await secrets.send(new CreateSecretCommand({ Name: secretName, SecretString: 'kept' }));

for (let n = 0; ; n += 1) {
  await dynamoDb.send(
    new PutItemCommand({
      TableName: cloud.environment['MAILHAUL_TABLE'],
      Item: {
        pk: { S: 'T#t#MAILBOX#m' },
        sk: { S: 'MAILBOX' },
        mailboxId: { S: 'm' },
        tenant: { S: 't' },
        dueShard: { S: `DUE#${n % 16}` },
        dueAt: { N: String(n) },
        statusKey: { S: `t#x#${n % 3}` },
      },
    }),
  );
  process.stdout.write(`${n}\n`);
}
