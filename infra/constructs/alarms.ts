import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { FUNCTIONS, QUEUES } from '../resources.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** Above which an alarm is raised; all are counts in 5 minutes but for the ages. */
const LIMITS = {
  deadLetters: 0,
  deadLetterSeconds: 600,
  // longer than one try that failed and one that works: there are too few workers, or all fail
  chunkSeconds: QUEUES.chunks.visibilitySeconds + FUNCTIONS.syncChunk.timeoutSeconds,
  passSeconds: QUEUES.passes.visibilitySeconds + FUNCTIONS.planPass.timeoutSeconds,
  authenticationFailures: 10,
  serverThrottles: 50,
  functionErrors: 0,
  functionThrottles: 0,
  apiErrors: 0,
} as const;

interface Watch {
  readonly metric: IMetric;
  readonly above: number;
  readonly says: string;
  /** How many of the last three periods of 5 minutes must be above; 1 unless given. */
  readonly periods?: number;
}

/** Tells the operator by a topic what needs a person. What each alarm asks for is in docs/deploy.md. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(
    scope: Construct,
    id: string,
    options: { readonly metrics: ServiceMetrics; readonly email: string | undefined },
  ) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Mailhaul', enforceSSL: true });
    // The topic's policy (TLS only) takes the place of the one by which alarms of the same account may publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (options.email !== undefined) this.topic.addSubscription(new EmailSubscription(options.email));
    const action = new SnsAction(this.topic);
    for (const [name, watch] of Object.entries(watches(options.metrics))) {
      const alarm = new Alarm(this, name, {
        metric: watch.metric,
        alarmDescription: `Mailhaul: ${watch.says}. See docs/deploy.md, "Alarms": ${name}.`,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: watch.above,
        evaluationPeriods: 3,
        datapointsToAlarm: watch.periods ?? 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

function watches(metrics: ServiceMetrics): Readonly<Record<string, Watch>> {
  return {
    DeadPasses: {
      metric: metrics.deadLetters.passes.received,
      above: LIMITS.deadLetters,
      says: 'planning failed again and again, and the mailboxes need attention',
    },
    DeadChunks: {
      metric: metrics.deadLetters.chunks.received,
      above: LIMITS.deadLetters,
      says: 'copying failed again and again, and the mailboxes need attention',
    },
    DeadPassesWait: {
      metric: metrics.deadLetters.passes.oldestSeconds,
      above: LIMITS.deadLetterSeconds,
      says: 'dead letters of the passes queue are not taken away',
    },
    DeadChunksWait: {
      metric: metrics.deadLetters.chunks.oldestSeconds,
      above: LIMITS.deadLetterSeconds,
      says: 'dead letters of the chunks queue are not taken away',
    },
    OldestPass: {
      metric: metrics.queues.passes.oldestSeconds,
      above: LIMITS.passSeconds,
      says: 'mailboxes wait for a planner',
      periods: 2,
    },
    OldestChunk: {
      metric: metrics.queues.chunks.oldestSeconds,
      above: LIMITS.chunkSeconds,
      says: 'mailboxes wait for a worker',
      periods: 2,
    },
    AuthenticationFailures: {
      metric: metrics.authenticationFailures,
      above: LIMITS.authenticationFailures,
      says: 'mail servers refuse many sign-ins',
    },
    ServerThrottles: {
      metric: metrics.serverThrottles,
      above: LIMITS.serverThrottles,
      says: 'mail servers ask to slow down',
      periods: 2,
    },
    ApiErrors: {
      metric: metrics.api.serverErrors,
      above: LIMITS.apiErrors,
      says: 'the API could not serve requests',
    },
    ...Object.fromEntries(
      Object.entries(metrics.functions).flatMap(([name, { errors, throttles }]) => [
        [
          `Errors-${name}`,
          { metric: errors, above: LIMITS.functionErrors, says: `the function ${name} failed`, periods: 2 },
        ],
        [
          `Throttles-${name}`,
          {
            metric: throttles,
            above: LIMITS.functionThrottles,
            says: `there is no room for ${name}`,
            periods: 2,
          },
        ],
      ]),
    ),
  };
}
