import { Duration } from 'aws-cdk-lib';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { QUEUES } from '../resources.ts';

/**
 * A queue that wakes workers, and where its messages go that failed again and again. A standard queue: messages carry
 * their tenant as group, so that one with many does not hold up the others (SQS developer guide, "Fair queues").
 */
export class WorkQueue extends Construct {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, name: 'passes' | 'chunks') {
    super(scope, id);
    const { visibilitySeconds, maxReceiveCount } = QUEUES[name];
    const deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(QUEUES.deadLetters.retentionDays),
      visibilityTimeout: Duration.seconds(QUEUES.deadLetters.visibilitySeconds),
    });
    this.deadLetters = deadLetters;
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
    });
  }
}
