import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IMetric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { OwnFunction } from './own-function.ts';
import type { MailFaults } from './mail-faults.ts';
import type { WorkQueue } from './work-queue.ts';

export interface Watched {
  readonly functions: Readonly<Record<string, OwnFunction>>;
  readonly queues: Readonly<Record<'passes' | 'chunks', WorkQueue>>;
  readonly api: HttpApi;
  readonly mailFaults: MailFaults;
}

export interface ServiceMetrics {
  readonly deadLetters: Readonly<
    Record<'passes' | 'chunks', { readonly received: IMetric; readonly oldestSeconds: IMetric }>
  >;
  readonly queues: Readonly<
    Record<
      'passes' | 'chunks',
      { readonly oldestSeconds: IMetric; readonly waiting: IMetric; readonly atWork: IMetric }
    >
  >;
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly errors: IMetric;
        readonly throttles: IMetric;
        readonly duration: IMetric;
        readonly concurrent: IMetric;
      }
    >
  >;
  readonly authenticationFailures: IMetric;
  readonly serverThrottles: IMetric;
  readonly api: {
    readonly requests: IMetric;
    readonly clientErrors: IMetric;
    readonly serverErrors: IMetric;
    readonly latency: IMetric;
  };
}

const period = Duration.minutes(5);
const sum: MetricOptions = { statistic: 'Sum', period };
const most: MetricOptions = { statistic: 'Maximum', period };

/** What is drawn and what is watched: once, so that an alarm and its curve show the same. */
export function serviceMetrics({ functions, queues, api, mailFaults }: Watched): ServiceMetrics {
  const deadLetters = ({ deadLetters: queue }: WorkQueue) => ({
    // they are taken away at once and shown at their mailboxes, so that none may be seen waiting
    received: queue.metricNumberOfMessagesReceived(sum),
    oldestSeconds: queue.metricApproximateAgeOfOldestMessage(most),
  });
  const work = ({ queue }: WorkQueue) => ({
    oldestSeconds: queue.metricApproximateAgeOfOldestMessage(most),
    waiting: queue.metricApproximateNumberOfMessagesVisible(most),
    atWork: queue.metricApproximateNumberOfMessagesNotVisible(most),
  });
  return {
    deadLetters: { passes: deadLetters(queues.passes), chunks: deadLetters(queues.chunks) },
    queues: { passes: work(queues.passes), chunks: work(queues.chunks) },
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, { fn }]) => [
        name,
        {
          errors: fn.metricErrors(sum),
          throttles: fn.metricThrottles(sum),
          duration: fn.metricDuration({ statistic: 'p95', period }),
          concurrent: fn.metric('ConcurrentExecutions', most),
        },
      ]),
    ),
    authenticationFailures: mailFaults.authenticationFailures.with(sum),
    serverThrottles: mailFaults.throttles.with(sum),
    api: {
      requests: api.metricCount(sum),
      clientErrors: api.metricClientError(sum),
      serverErrors: api.metricServerError(sum),
      latency: api.metricLatency({ statistic: 'p95', period }),
    },
  };
}
