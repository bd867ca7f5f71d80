import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** The line that is logged whenever a fault is written into a mailbox (`shared/sync/record-fault.ts`). */
const FAULT_LINE = 'mailbox fault';

/** Faults that are counted, each by a field of that line. */
const COUNTED = {
  authenticationFailures: {
    name: 'AuthenticationFailures',
    field: '$.reason',
    value: 'authentication-failed',
  },
  throttles: { name: 'ServerThrottles', field: '$.fault', value: 'throttled' },
} as const;

/** Counts what mail servers refuse, from the logs of the functions that talk to them. */
export class MailFaults extends Construct {
  readonly authenticationFailures: Metric;
  readonly throttles: Metric;

  constructor(
    scope: Construct,
    id: string,
    options: { readonly namespace: string; readonly logGroups: Readonly<Record<string, ILogGroup>> },
  ) {
    super(scope, id);
    const count = ({ name, field, value }: (typeof COUNTED)[keyof typeof COUNTED]): Metric => {
      const filters = Object.entries(options.logGroups).map(
        ([from, logGroup]) =>
          new MetricFilter(this, `${name}${from}`, {
            logGroup,
            metricNamespace: options.namespace,
            metricName: name,
            metricValue: '1',
            filterPattern: FilterPattern.all(
              FilterPattern.stringValue('$.message', '=', FAULT_LINE),
              FilterPattern.stringValue(field, '=', value),
            ),
          }),
      );
      const [first] = filters;
      if (first === undefined) throw new RangeError('There is no log to count in.');
      return first.metric({ statistic: 'Sum' });
    };
    this.authenticationFailures = count(COUNTED.authenticationFailures);
    this.throttles = count(COUNTED.throttles);
  }
}
