import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { ConsoleSettings } from '../constructs/console-settings.ts';
import type { DomainAliases } from '../constructs/domain-aliases.ts';
import { Api } from '../constructs/api.ts';
import { MailFaults } from '../constructs/mail-faults.ts';
import type { OwnFunction } from '../constructs/own-function.ts';
import { PipelineFunctions } from '../constructs/pipeline-functions.ts';
import { ServiceDashboard } from '../constructs/service-dashboard.ts';
import { serviceMetrics } from '../constructs/service-metrics.ts';
import type { DeploymentOptions } from '../options/deployment-options.ts';
import type { ReservedConcurrency } from '../options/reserved-concurrency.ts';
import { SECRET_PREFIX } from '../resources.ts';
import type { ConsoleStack } from './console-stack.ts';
import type { DataStack } from './data-stack.ts';

/** What the service stands on. */
export interface ServiceSurroundings {
  readonly data: DataStack;
  readonly signIn: {
    readonly issuer: string;
    readonly audience: readonly string[];
    readonly address?: string;
    /** Runs at sign-in. */
    readonly claims?: OwnFunction;
  };
  readonly vpc: IVpc | undefined;
  readonly console: ConsoleStack | undefined;
  readonly aliases: DomainAliases | undefined;
}

/** What runs: functions, their triggers, the HTTP API, and what watches them. It holds nothing that must be kept. */
export class ServiceStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    options: DeploymentOptions & { readonly reserved: ReservedConcurrency },
    { data, signIn, vpc, console, aliases }: ServiceSurroundings,
    props: StackProps,
  ) {
    super(scope, id, props);
    const pipeline = new PipelineFunctions(this, 'Pipeline', {
      ...options,
      data: {
        table:
          options.restoredTable === undefined
            ? data.table
            : Table.fromTableName(this, 'RestoredTable', options.restoredTable),
        tableKey: data.tableKey,
        secretKey: data.secretKey,
        secretPrefix: `${SECRET_PREFIX}${options.stage}/`,
      },
      queues: data.queues,
      vpc,
    });
    const { functions } = pipeline;
    const { apiDomain, apiCertificate } = options;
    const api = new Api(this, 'Http', {
      stage: options.stage,
      fn: functions.api.fn,
      issuer: signIn.issuer,
      audience: signIn.audience,
      consoleOrigin: console?.address,
      domain:
        apiDomain === undefined || apiCertificate === undefined
          ? undefined
          : { name: apiDomain, certificateArn: apiCertificate },
      ratePerSecond: options.apiRatePerSecond,
      burst: options.apiBurst,
      logRetentionDays: options.logRetentionDays,
    });
    // users are sent there to consent, and sign-in services send them back
    functions.api.fn.addEnvironment('MAILHAUL_PUBLIC_URL', options.publicUrl ?? api.address);
    if (api.domain !== undefined) aliases?.ofApi(this, api.domain.name, api.domain);
    if (console !== undefined) {
      const settings = {
        api: api.address,
        issuer: signIn.issuer,
        clientId: signIn.audience[0] ?? '',
        ...(signIn.address !== undefined && { signIn: signIn.address }),
      };
      new ConsoleSettings(this, 'ConsoleSettings', { bucket: console.bucket, settings });
    }
    const mailFaults = new MailFaults(this, 'MailFaults', {
      namespace: `Mailhaul/${options.stage}`,
      logGroups: { PlanPass: functions.planPass.logGroup, SyncChunk: functions.syncChunk.logGroup },
    });
    const metrics = serviceMetrics({
      functions: { ...functions, ...(signIn.claims !== undefined && { signInClaims: signIn.claims }) },
      queues: data.queues,
      api: api.api,
      mailFaults,
    });
    const alarms = new Alarms(this, 'Alarms', { metrics, email: options.alarmEmail });
    const { dashboard } = new ServiceDashboard(this, 'Overview', metrics);
    new CfnOutput(this, 'ApiAddress', { value: api.address });
    new CfnOutput(this, 'AlarmTopic', { value: alarms.topic.topicArn });
    new CfnOutput(this, 'DashboardName', { value: dashboard.dashboardName });
    if (api.domain !== undefined)
      new CfnOutput(this, 'ApiDomainTarget', { value: api.domain.regionalDomainName });
  }
}
