import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, type IWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ServiceMetrics } from './service-metrics.ts';

const WIDTH = 8;

/** One page that shows whether mail moves, who refuses it, and what the functions do. */
export class ServiceDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, metrics: ServiceMetrics) {
    super(scope, id);
    const { queues, functions, deadLetters, api } = metrics;
    const ofFunctions = (kind: 'errors' | 'throttles' | 'duration' | 'concurrent'): Record<string, IMetric> =>
      Object.fromEntries(Object.entries(functions).map(([name, each]) => [name, each[kind]]));
    this.dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(12),
      widgets: [
        [
          graph('Chunks', { waiting: queues.chunks.waiting, 'at work': queues.chunks.atWork }),
          graph('Passes', { waiting: queues.passes.waiting, 'at work': queues.passes.atWork }),
          graph('Oldest message (s)', {
            chunk: queues.chunks.oldestSeconds,
            pass: queues.passes.oldestSeconds,
          }),
        ],
        [
          graph('Mail servers', {
            'sign-ins refused': metrics.authenticationFailures,
            'asked to slow down': metrics.serverThrottles,
          }),
          graph('Dead letters', { passes: deadLetters.passes.received, chunks: deadLetters.chunks.received }),
          graph('API', {
            requests: api.requests,
            'refused (4xx)': api.clientErrors,
            'failed (5xx)': api.serverErrors,
          }),
        ],
        [
          graph('API, p95 (ms)', { latency: api.latency }),
          graph('Functions: errors', ofFunctions('errors')),
          graph('Functions: no room', ofFunctions('throttles')),
        ],
        [
          graph('Functions, p95 (ms)', ofFunctions('duration')),
          graph('Functions at once', ofFunctions('concurrent')),
          graph('Oldest dead letter (s)', {
            pass: deadLetters.passes.oldestSeconds,
            chunk: deadLetters.chunks.oldestSeconds,
          }),
        ],
      ],
    });
  }
}

function graph(title: string, curves: Readonly<Record<string, IMetric>>): IWidget {
  const left = Object.entries(curves).map(([label, metric]) =>
    metric instanceof Metric ? metric.with({ label }) : metric,
  );
  return new GraphWidget({ title, width: WIDTH, left });
}
