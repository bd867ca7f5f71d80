import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { FUNCTIONS } from '../../../infra/resources.ts';
import { AuthenticationError, ThrottledError } from '../../../shared/imap/errors.ts';
import { createLogger } from '../../../shared/telemetry/create-logger.ts';
import { recordFault } from '../../../shared/sync/record-fault.ts';
import { documentedRows } from '../../support/documented-rows.ts';
import { type SynthesisedCloud, synthesiseCloud } from '../../support/synthesised-cloud.ts';
import { templateText } from '../../support/template-text.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

describe('what watches the cloud', () => {
  let cloud: SynthesisedCloud;
  let local: TestCloud;
  beforeAll(async () => {
    [cloud, local] = await Promise.all([
      synthesiseCloud({ alarmEmail: 'operator@example.org', stage: 'test' }),
      startTestCloud(),
    ]);
  });
  afterAll(async () => {
    await cloud?.[Symbol.asyncDispose]();
    await local?.close();
  });

  test('alarms tell a topic, which an address hears', () => {
    const alarms = [...cloud.resources('AWS::CloudWatch::Alarm')];
    const names = alarms.map(([path]) => /\/Alarms\/([^/]+)\/Resource$/.exec(path)?.[1] ?? path).sort();
    const ofFunctions = [...Object.keys(FUNCTIONS), 'signInClaims'].flatMap((name) => [
      `Errors-${name}`,
      `Throttles-${name}`,
    ]);
    expect(names).toEqual(
      [
        'ApiErrors',
        'AuthenticationFailures',
        'DeadChunks',
        'DeadChunksWait',
        'DeadPasses',
        'DeadPassesWait',
        'OldestChunk',
        'OldestPass',
        'ServerThrottles',
        ...ofFunctions,
      ].sort(),
    );
    const topic = cloud.resources('AWS::SNS::Topic');
    expect(topic.size).toBe(1);
    for (const [, { Properties }] of alarms) {
      expect(Properties['AlarmActions']).toEqual([{ Ref: expect.stringContaining('AlarmsTopic') }]);
      expect(Properties['TreatMissingData']).toBe('notBreaching');
    }
    const [policy] = cloud.resources('AWS::SNS::TopicPolicy').values();
    expect(policy?.Properties['PolicyDocument']).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
        }),
      ]),
    });
    const [subscription] = cloud.resources('AWS::SNS::Subscription').values();
    expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'operator@example.org' });
  });

  test('every alarm is explained in docs/deploy.md, and its curve is on the dashboard', async () => {
    const rows = (await documentedRows('Alarms')).flatMap(({ names }) => names);
    const [dashboard] = cloud.resources('AWS::CloudWatch::Dashboard').values();
    const body = templateText(dashboard?.Properties['DashboardBody']);
    for (const [path, { Properties }] of cloud.resources('AWS::CloudWatch::Alarm')) {
      const name = /\/Alarms\/([^/]+)\/Resource$/.exec(path)?.[1] ?? path;
      expect(rows).toContain(name.replace(/-.*/, '-…'));
      const dimensions = (Properties['Dimensions'] ?? []) as Array<{ Name: string; Value: unknown }>;
      const curve = [
        `"${String(Properties['Namespace'])}"`,
        `"${String(Properties['MetricName'])}"`,
        ...dimensions.flatMap((each) => [`"${each.Name}"`, `"${templateText(each.Value)}"`]),
      ].join(',');
      expect(body).toContain(curve);
    }
  });

  test('a dead letter raises the alarm though it is taken away at once', () => {
    for (const name of ['DeadPasses', 'DeadChunks']) {
      expect(cloud.resource('AWS::CloudWatch::Alarm', `/Alarms/${name}/Resource`).Properties).toMatchObject({
        MetricName: 'NumberOfMessagesReceived',
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        Dimensions: [{ Name: 'QueueName', Value: expect.anything() }],
      });
    }
  });

  test('a dashboard shows the queues, the mail servers, the functions and the API', () => {
    const [dashboard] = cloud.resources('AWS::CloudWatch::Dashboard').values();
    const body = templateText(dashboard?.Properties['DashboardBody']);
    for (const metric of [
      'ApproximateAgeOfOldestMessage',
      'NumberOfMessagesReceived',
      'AuthenticationFailures',
      'ServerThrottles',
      'ConcurrentExecutions',
      'Throttles',
      '5xx',
    ])
      expect(body).toContain(metric);
  });

  test('every function has a log of its own that ends', () => {
    const groups = [...cloud.resources('AWS::Logs::LogGroup').values()];
    expect(groups.length).toBe(Object.keys(FUNCTIONS).length + 2);
    for (const { Properties } of groups) expect(Properties['RetentionInDays']).toBe(90);
  });

  test.each([
    [
      'AuthenticationFailures',
      new AuthenticationError('refused', { serverText: 'NO [AUTHENTICATIONFAILED] "no"' }),
    ],
    ['ServerThrottles', new ThrottledError('slow down', { serverText: 'NO [LIMIT] slow down' })],
  ])('%s are counted by the very line that is logged', async (metric, error) => {
    const line = await loggedLine(local, error);
    const others = await loggedLine(local, new Error('something else'));
    const filters = [...cloud.resources('AWS::Logs::MetricFilter').values()].filter(({ Properties }) =>
      JSON.stringify(Properties['MetricTransformations']).includes(`"${metric}"`),
    );
    expect(filters.map(({ Properties }) => templateText(Properties['LogGroupName']))).toEqual([
      expect.stringContaining('planPass'),
      expect.stringContaining('syncChunk'),
    ]);
    for (const { Properties } of filters) {
      const pattern = String(Properties['FilterPattern']);
      expect([pattern, matches(pattern, line), matches(pattern, others)]).toEqual([pattern, true, false]);
      expect(Properties['MetricTransformations']).toEqual([
        { MetricName: metric, MetricNamespace: 'Mailhaul/test', MetricValue: '1' },
      ]);
    }
  });
});

/** What `recordFault` writes to standard output for an error, through the logger of the functions. */
async function loggedLine(local: TestCloud, error: Error): Promise<string> {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  const logger = createLogger('sync-chunk', { logLevel: 'INFO' });
  // powertools writes to a console of its own, which takes a stream
  Object.assign(logger, { console: new Console({ stdout: sink, stderr: sink }) });
  const services = {
    logger,
    state: local.state(),
    clock: { now: () => 0, monotonic: () => 0 },
    random: () => 0,
  };
  // only these of the services are used for a mailbox that is not there
  await recordFault(services as never, { tenant: 'acme', mailboxId: 'gone' }, error);
  const [line] = lines;
  if (line === undefined) throw new Error('Nothing was logged.');
  return line;
}

/**
 * Whether a JSON filter pattern of equalities joined by && matches (CloudWatch Logs user guide, "Filter pattern syntax").
 */
function matches(pattern: string, line: string): boolean {
  const parsed: Record<string, unknown> = Object(JSON.parse(line));
  const terms = /^\{ (.*) \}$/.exec(pattern)?.[1]?.split(' && ') ?? [];
  return terms.every((term) => {
    const [, field = '', value] = /^\(\$\.(\w+) = "([^"]*)"\)$/.exec(term) ?? [];
    if (value === undefined) throw new Error(`Not an equality: ${term}`);
    return parsed[field] === value;
  });
}
