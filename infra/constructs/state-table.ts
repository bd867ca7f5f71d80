import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { TABLE } from '../resources.ts';

/** The one table. CloudFormation names it: a table whose name is fixed cannot be replaced. */
export class StateTable extends Table {
  constructor(
    scope: Construct,
    id: string,
    options: { encryptionKey: IKey; removalPolicy: RemovalPolicy; protect: boolean },
  ) {
    super(scope, id, {
      partitionKey: attribute(TABLE.partitionKey),
      sortKey: attribute(TABLE.sortKey),
      timeToLiveAttribute: TABLE.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: options.encryptionKey,
      removalPolicy: options.removalPolicy,
      deletionProtection: options.protect,
    });
    for (const index of Object.values(TABLE.indexes)) {
      this.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: attribute(index.partitionKey),
        sortKey: attribute(index.sortKey),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...index.include],
      });
    }
  }
}

function attribute(name: string): Attribute {
  const isNumber = TABLE.numberKeys.some((key) => key === name);
  return { name, type: isNumber ? AttributeType.NUMBER : AttributeType.STRING };
}
