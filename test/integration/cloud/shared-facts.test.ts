import { FUNCTION_MEMORY, FUNCTIONS, QUEUES, RESYNC_TIMER_SECONDS, TABLE } from '../../../infra/resources.ts';
import { tableDefinition } from '../../../infra/local/dynamodb/create-table.ts';
import { matchRoute } from '../../support/match-gateway-route.ts';
import { ROUTES } from '../../../shared/api/route-table.ts';
import { readEnvironment } from '../../../shared/environment/read-environment.ts';
import { type Resource, type SynthesisedCloud, synthesiseCloud } from '../../support/synthesised-cloud.ts';
import { templateText } from '../../support/template-text.ts';

describe('the cloud and one machine', () => {
  let cloud: SynthesisedCloud;
  const functionNamed = (name: string): Resource =>
    cloud.resource('AWS::Lambda::Function', `/Pipeline/${name}/Function/Resource`);

  beforeAll(async () => {
    cloud = await synthesiseCloud();
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  test('have the same table: keys, their types, indexes and what these carry', () => {
    const { Properties: table } = cloud.resource('AWS::DynamoDB::Table', '/Table/Resource');
    const local = tableDefinition('any');
    expect(table['KeySchema']).toEqual(local.KeySchema);
    expect(table['GlobalSecondaryIndexes']).toEqual(local.GlobalSecondaryIndexes);
    const byName = (attributes: unknown): unknown =>
      [...(attributes as Array<{ AttributeName: string }>)].sort((a, b) =>
        a.AttributeName < b.AttributeName ? -1 : 1,
      );
    expect(byName(table['AttributeDefinitions'])).toEqual(byName(local.AttributeDefinitions));
    expect(table).toMatchObject({
      BillingMode: local.BillingMode,
      TimeToLiveSpecification: { AttributeName: TABLE.timeToLive, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      DeletionProtectionEnabled: true,
    });
    expect(table).not.toHaveProperty('TableName');
  });

  test.each([
    ['passes', 'Passes', 'planPass'],
    ['chunks', 'Chunks', 'syncChunk'],
  ] as const)('have the same queue of %s, with dead letters and a consumer', (name, construct, consumer) => {
    const facts = QUEUES[name];
    const { Properties: queue } = cloud.resource('AWS::SQS::Queue', `/${construct}/Queue/Resource`);
    const { Properties: dead } = cloud.resource('AWS::SQS::Queue', `/${construct}/DeadLetters/Resource`);
    expect(queue).toMatchObject({
      VisibilityTimeout: facts.visibilitySeconds,
      RedrivePolicy: { maxReceiveCount: facts.maxReceiveCount, deadLetterTargetArn: expect.anything() },
    });
    expect(dead).toMatchObject({
      VisibilityTimeout: QUEUES.deadLetters.visibilitySeconds,
      MessageRetentionPeriod: QUEUES.deadLetters.retentionDays * 86_400,
    });
    // "FIFO" would put all of a tenant's messages in one row; fairness is what the groups are for
    expect([queue, dead]).not.toContainEqual(expect.objectContaining({ FifoQueue: expect.anything() }));
    expect(Number(queue['VisibilityTimeout'])).toBeGreaterThanOrEqual(6 * FUNCTIONS[consumer].timeoutSeconds);
    const mapping = cloud.resource('AWS::Lambda::EventSourceMapping', `/${construct}/Mapping/Resource`);
    expect(mapping.Properties).toMatchObject({
      BatchSize: facts.batchSize,
      ScalingConfig: { MaximumConcurrency: facts.maximumConcurrency },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(templateText(mapping.Properties['FunctionName'])).toContain(consumer);
  });

  test('take dead letters away in the same way', () => {
    const mappings = ['DeadPasses', 'DeadChunks'].map(
      (name) => cloud.resource('AWS::Lambda::EventSourceMapping', `/${name}/Mapping/Resource`).Properties,
    );
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({
        BatchSize: QUEUES.deadLetters.batchSize,
        ScalingConfig: { MaximumConcurrency: QUEUES.deadLetters.maximumConcurrency },
      });
      expect(templateText(mapping['FunctionName'])).toContain('deadLetters');
    }
    expect(QUEUES.deadLetters.visibilitySeconds).toBeGreaterThanOrEqual(
      6 * FUNCTIONS.deadLetters.timeoutSeconds,
    );
  });

  test.each(Object.entries(FUNCTIONS))('give %s the same time, memory and node options', (name, facts) => {
    expect(functionNamed(name).Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: facts.timeoutSeconds,
      MemorySize: facts.memoryMb,
      Environment: { Variables: { ...FUNCTION_MEMORY } },
    });
  });

  test.each(Object.keys(FUNCTIONS))(
    'tell %s all that its environment asks for, by the same names',
    (name) => {
      const { Variables } = functionNamed(name).Properties['Environment'] as { Variables: object };
      const given = Object.fromEntries(
        Object.entries(Variables).map(([variable, value]) => [variable, templateText(value)]),
      );
      // what CloudFormation fills in is an address there
      const urls = ['MAILHAUL_PASSES_QUEUE_URL', 'MAILHAUL_CHUNKS_QUEUE_URL'];
      for (const url of urls) {
        expect(given[url]).toContain(url.includes('PASSES') ? 'Passes' : 'Chunks');
        given[url] = `https://sqs.eu-central-1.amazonaws.com/${encodeURIComponent(given[url] ?? '')}`;
      }
      if (given['MAILHAUL_PUBLIC_URL']?.includes('ApiEndpoint') === true) {
        given['MAILHAUL_PUBLIC_URL'] = 'https://id.execute-api.eu-central-1.amazonaws.com';
      }
      expect(readEnvironment(given)).toMatchObject({
        table: expect.stringContaining('Table'),
        secretPrefix: 'mailhaul/prod/',
        secretKey: expect.stringContaining('SecretKey'),
        epoch: 'aws',
        allowPrivateAddresses: false,
        resyncSeconds: 900,
        logLevel: 'INFO',
      });
      const known = new Set([...Object.keys(FUNCTION_MEMORY), ...variablesThatAreRead()]);
      expect(Object.keys(given).filter((variable) => !known.has(variable))).toEqual([]);
    },
  );

  test('call the timer function at the same rate', () => {
    const schedule = cloud.resource('AWS::Scheduler::Schedule', '/Schedule/Resource');
    expect(RESYNC_TIMER_SECONDS).toBe(60);
    expect(schedule.Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Target: { Arn: { 'Fn::GetAtt': [expect.stringContaining('resyncTimer'), 'Arn'] } },
    });
  });

  test('let workers wake themselves for as long as there is work', () => {
    const allowed = Object.keys(FUNCTIONS).filter(
      (name) => functionNamed(name).Properties['RecursiveLoop'] === 'Allow',
    );
    expect(allowed).toEqual(['planPass', 'syncChunk']);
  });

  test('lead every route of the API to it, with a token unless the route is open', () => {
    const routes = [...cloud.resources('AWS::ApiGatewayV2::Route').values()].map(({ Properties }) => ({
      key: String(Properties['RouteKey']),
      authorization: Properties['AuthorizationType'],
    }));
    for (const route of ROUTES) {
      const path = route.path.replaceAll(/\{[^}]+\}/g, 'x');
      const found = matchRoute(routes, route.method, path);
      expect([route.method, route.path, found?.authorization]).toEqual([
        route.method,
        route.path,
        route.access === 'open' ? 'NONE' : 'JWT',
      ]);
    }
    // browsers ask before they send a token
    expect(matchRoute(routes, 'OPTIONS', '/v1/users')).toBeUndefined();
  });
});

/** The names that `readEnvironment` complains about when each is wrong. */
function variablesThatAreRead(): string[] {
  const names = [
    'MAILHAUL_TABLE',
    'MAILHAUL_PASSES_QUEUE_URL',
    'MAILHAUL_CHUNKS_QUEUE_URL',
    'MAILHAUL_SECRET_PREFIX',
    'MAILHAUL_SECRET_KEY',
    'MAILHAUL_PUBLIC_URL',
    'MAILHAUL_ALLOW_PRIVATE_ADDRESSES',
    'MAILHAUL_RESYNC_SECONDS',
    'MAILHAUL_LOG_LEVEL',
  ];
  try {
    readEnvironment(Object.fromEntries(names.map((name) => [name, ''])));
  } catch (error) {
    return (error as { variables: string[] }).variables;
  }
  return [];
}
