import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { OwnFunction } from './own-function.ts';

/** Gives a function the messages of a queue. Each message of a batch fails by itself. */
export class QueueConsumer extends Construct {
  constructor(
    scope: Construct,
    id: string,
    options: {
      readonly queue: IQueue;
      readonly consumer: OwnFunction;
      readonly batchSize: number;
      /** Invocations at one time, at most. */
      readonly maximumConcurrency: number;
    },
  ) {
    super(scope, id);
    const { queue, consumer } = options;
    consumer.policy.addStatements(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [queue.queueArn],
      }),
    );
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: consumer.fn,
      eventSourceArn: queue.queueArn,
      batchSize: options.batchSize,
      maxConcurrency: options.maximumConcurrency,
      reportBatchItemFailures: true,
    });
    // Lambda tries the queue when the mapping is made
    mapping.node.addDependency(consumer.policy);
  }
}
