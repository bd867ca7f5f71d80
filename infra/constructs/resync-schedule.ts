import { Duration, Stack } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { RESYNC_TIMER_SECONDS } from '../resources.ts';
import type { OwnFunction } from './own-function.ts';

/**
 * Calls the timer function again and again. A tick that fails or finds no room is not tried again: the next one does
 * what it left. The scheduler only hands the tick to Lambda, which by itself would try twice more, and for six hours
 * where there is no room; then all those ticks would come at once.
 */
export class ResyncSchedule extends Construct {
  constructor(scope: Construct, id: string, timer: OwnFunction) {
    super(scope, id);
    const once = { retryAttempts: 0, maxEventAge: Duration.seconds(RESYNC_TIMER_SECONDS) };
    timer.fn.configureAsyncInvoke(once);
    const role = new Role(this, 'Role', {
      // schedules of this account only (EventBridge Scheduler user guide, "Confused deputy prevention")
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com').withConditions({
        StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [timer.fn.functionArn] }),
    );
    new Schedule(this, 'Schedule', {
      description: 'Mailhaul: sees to the mailboxes whose time has come',
      schedule: ScheduleExpression.rate(Duration.seconds(RESYNC_TIMER_SECONDS)),
      target: new LambdaInvoke(timer.fn, {
        // else it may call every version too
        role: role.withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject({}),
        ...once,
      }),
    });
  }
}
