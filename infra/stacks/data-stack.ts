import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EncryptionKey } from '../constructs/encryption-key.ts';
import { StateTable } from '../constructs/state-table.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { DeploymentOptions } from '../options/deployment-options.ts';

/** What must not be lost: the table with the ledger of every message, and the keys. And the queues. */
export class DataStack extends Stack {
  readonly table: StateTable;
  readonly tableKey: EncryptionKey;
  readonly secretKey: EncryptionKey;
  readonly queues: Readonly<Record<'passes' | 'chunks', WorkQueue>>;

  constructor(scope: Construct, id: string, options: Pick<DeploymentOptions, 'removal'>, props: StackProps) {
    super(scope, id, props);
    const protect = options.removal === 'retain';
    const removalPolicy = protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.tableKey = new EncryptionKey(this, 'TableKey', { encrypts: 'the table', removalPolicy });
    this.secretKey = new EncryptionKey(this, 'SecretKey', { encrypts: 'credentials', removalPolicy });
    this.table = new StateTable(this, 'Table', { encryptionKey: this.tableKey, removalPolicy, protect });
    this.queues = {
      passes: new WorkQueue(this, 'Passes', 'passes'),
      chunks: new WorkQueue(this, 'Chunks', 'chunks'),
    };
    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    // The service that works on a restored table still refers to this one while it is replaced.
    this.exportValue(this.table.tableArn);
    this.exportValue(this.table.tableName);
  }
}
