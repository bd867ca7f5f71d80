import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COGNITO_RESOURCE_SERVER, cognitoScopeName, SCOPES } from '../../../shared/api/caller.ts';
import { FUNCTIONS } from '../../../infra/resources.ts';
import { documentedRows } from '../../support/documented-rows.ts';
import { type SynthesisedCloud, synthesiseCloud } from '../../support/synthesised-cloud.ts';
import { templateText } from '../../support/template-text.ts';
import { withResource } from '../../support/with-resource.ts';

interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: {
    readonly StringEquals?: Readonly<Record<string, unknown>>;
    readonly StringLike?: Readonly<Record<string, unknown>>;
    readonly ArnLike?: Readonly<Record<string, unknown>>;
  };
}

const certificate = (region: string): string => `arn:aws:acm:${region}:123456789012:certificate/x`;

/** What a person reads; exports are for other stacks. */
const ownOutputs = (cloud: SynthesisedCloud): string[] =>
  Object.keys(cloud.outputs)
    .filter((name) => !name.startsWith('Exports'))
    .sort();

function policyOf(cloud: SynthesisedCloud, name: string): PolicyStatement[] {
  const { Properties } = cloud.resource('AWS::IAM::Policy', `/Pipeline/${name}/Policy/Resource`);
  return (Properties['PolicyDocument'] as { Statement: PolicyStatement[] }).Statement;
}

describe('the plain deployment', () => {
  let cloud: SynthesisedCloud;
  beforeAll(async () => {
    cloud = await synthesiseCloud();
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  test('has stacks for data, sign-in and service, and tells where they are', () => {
    expect([...cloud.stacks].sort()).toEqual([
      'mailhaul-prod-data',
      'mailhaul-prod-service',
      'mailhaul-prod-sign-in',
    ]);
    expect(ownOutputs(cloud)).toEqual([
      'AlarmTopic',
      'ApiAddress',
      'DashboardName',
      'SignInAddress',
      'TableName',
      'UserPoolClientId',
      'UserPoolId',
    ]);
  });

  test('keeps what must not be lost when it is taken down', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::Cognito::UserPool']) {
      const found = [...cloud.resources(type).values()];
      expect(found.length).toBeGreaterThan(0);
      for (const resource of found) expect([type, resource.DeletionPolicy]).toEqual([type, 'Retain']);
    }
  });

  test('encrypts the table and secrets with keys of its own, which change every year', () => {
    const keys = [...cloud.resources('AWS::KMS::Key').values()];
    expect(keys.map(({ Properties }) => Properties['EnableKeyRotation'])).toEqual([true, true]);
  });

  test('lets nobody but an administrator say which tenant a user belongs to', () => {
    const [pool] = cloud.resources('AWS::Cognito::UserPool').values();
    expect(pool?.Properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      UserPoolTier: 'ESSENTIALS',
      LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0' } },
    });
    const clients = [...cloud.resources('AWS::Cognito::UserPoolClient').values()];
    expect(clients.length).toBe(1);
    expect(clients[0]?.Properties).toMatchObject({
      WriteAttributes: ['email'],
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    });
    const scopes = clients[0]?.Properties['AllowedOAuthScopes'] as unknown[];
    expect(scopes).not.toContain('aws.cognito.signin.user.admin');
    expect(scopes.slice(1).map((scope) => templateText(scope).replace(/^<.*>\//, ''))).toEqual(
      SCOPES.map(cognitoScopeName),
    );
    const [server] = cloud.resources('AWS::Cognito::UserPoolResourceServer').values();
    expect(server?.Properties).toMatchObject({ Identifier: COGNITO_RESOURCE_SERVER });
  });

  test('limits and logs the calls of its API, and lets no browser of others in', () => {
    const [stage] = cloud.resources('AWS::ApiGatewayV2::Stage').values();
    expect(stage?.Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      AccessLogSettings: { DestinationArn: expect.anything() },
    });
    const logged = JSON.stringify(stage?.Properties['AccessLogSettings']);
    for (const personal of ['sourceIp', 'context.path', 'userAgent']) expect(logged).not.toContain(personal);
    const [api] = cloud.resources('AWS::ApiGatewayV2::Api').values();
    expect(api?.Properties).not.toHaveProperty('CorsConfiguration');
  });

  test('knows its own address, which users are sent to and come back to, and asks for no token there', () => {
    const { Properties } = cloud.resource('AWS::Lambda::Function', '/Pipeline/api/Function/Resource');
    const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
    expect(templateText(Variables['MAILHAUL_PUBLIC_URL'])).toMatch(/^<Http\w+\.ApiEndpoint>$/);
    const routes = [...cloud.resources('AWS::ApiGatewayV2::Route').values()].map(({ Properties: route }) => [
      route['RouteKey'],
      route['AuthorizationType'],
    ]);
    expect(routes).toContainEqual(['GET /v1/consent/{proxy+}', 'NONE']);
    expect(routes.filter(([, type]) => type === 'NONE')).toHaveLength(3);
  });

  test('lets functions use keys only through the services that they are for', () => {
    const statements = [...cloud.resources('AWS::IAM::Policy').values()].flatMap(({ Properties }) => {
      const { Statement } = Properties['PolicyDocument'] as { Statement: PolicyStatement[] };
      return Statement.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')));
    });
    const uses = statements.map(({ Resource, Condition }) => [
      /TableKey|SecretKey/.exec(templateText(Resource))?.[0],
      templateText(Condition?.StringEquals?.['kms:ViaService']),
      [Condition?.StringLike?.['kms:EncryptionContext:SecretARN']].flat().map(templateText),
    ]);
    const table = ['TableKey', 'dynamodb.<AWS::Region>.amazonaws.com', [templateText(undefined)]];
    const own = expect.stringMatching(/:secret:mailhaul\/.*\*$/);
    // who makes secrets is asked first whether the key may be used at all
    const making = [
      'SecretKey',
      'secretsmanager.<AWS::Region>.amazonaws.com',
      [own, 'RequestToValidateKeyAccess'],
    ];
    // planner and workers keep changed refresh tokens; the timer only deletes secrets, and dead letters need none
    expect(uses).toEqual([table, making, table, making, table, making, table, table]);
  });

  test('runs no function in a network, and reserves nothing of what the account may run', () => {
    for (const [, { Properties }] of cloud.resources('AWS::Lambda::Function')) {
      expect(Properties).not.toHaveProperty('VpcConfig');
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  test('tries a tick of the timer once, and lets schedules of its own account call alone', () => {
    const schedule = cloud.resource('AWS::Scheduler::Schedule', '/Schedule/Resource');
    expect(schedule.Properties['Target']).toMatchObject({
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    });
    const configs = [...cloud.resources('AWS::Lambda::EventInvokeConfig').values()];
    expect(configs.map(({ Properties }) => Properties)).toEqual([
      {
        FunctionName: { Ref: expect.stringContaining('resyncTimer') },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
      },
    ]);
    const { Properties: role } = cloud.resource('AWS::IAM::Role', '/Resync/Role/Resource');
    expect(role['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });
});

describe('the fullest deployment', () => {
  let cloud: SynthesisedCloud;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-console-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    cloud = await synthesiseCloud({
      stage: 'test',
      removal: 'destroy',
      egress: 'static',
      egressAddresses: 2,
      interfaceEndpoints: true,
      apiDomain: 'api.example.org',
      apiCertificate: certificate('eu-central-1'),
      consoleFolder: folder,
      consoleDomain: 'migrate.example.org',
      consoleCertificate: certificate('us-east-1'),
      hostedZoneId: 'Z0123456789',
      hostedZoneName: 'example.org',
      chunkConcurrency: 20,
      reserveConcurrency: true,
      lanes: 3,
      restoredTable: 'mailhaul-restored',
      logLevel: 'DEBUG',
    });
  });
  afterAll(async () => {
    await cloud?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('talks to mail servers from addresses that stay, and only where it talks to them', () => {
    const addresses = [...cloud.resources('AWS::EC2::EIP').values()];
    expect(addresses.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Retain', 'Retain']);
    expect(cloud.resources('AWS::EC2::NatGateway').size).toBe(2);
    expect(cloud.outputs).toHaveProperty('EgressAddresses');
    const within = [...cloud.resources('AWS::Lambda::Function')]
      .filter(([, { Properties }]) => 'VpcConfig' in Properties)
      .map(([path]) => /\/Pipeline\/(\w+)\//.exec(path)?.[1]);
    expect(within).toEqual(['api', 'planPass', 'syncChunk']);
    const statements = policyOf(cloud, 'syncChunk');
    const given = statements.find(({ Sid }) => Sid === 'NetworkInterfaces');
    expect(given?.Action).toContain('ec2:CreateNetworkInterface');
    // Lambda makes the interfaces by this role; what runs in the function may not
    const denied = statements.find(({ Effect }) => Effect === 'Deny');
    expect([denied?.Action, denied?.Resource]).toEqual([given?.Action, '*']);
    expect(templateText(denied?.Condition?.ArnLike?.['lambda:SourceFunctionArn'])).toMatch(/:function:\*$/);
    const endpoints = [...cloud.resources('AWS::EC2::VPCEndpoint').values()];
    expect(endpoints.map(({ Properties }) => Properties['VpcEndpointType'])).toEqual([
      'Gateway',
      'Interface',
      'Interface',
    ]);
  });

  test('lets the console alone call the API from a browser, and come back from sign-in', () => {
    const [api] = cloud.resources('AWS::ApiGatewayV2::Api').values();
    expect(api?.Properties).toMatchObject({
      CorsConfiguration: { AllowOrigins: ['https://migrate.example.org'] },
      DisableExecuteApiEndpoint: true,
    });
    const [client] = cloud.resources('AWS::Cognito::UserPoolClient').values();
    expect(client?.Properties['CallbackURLs']).toEqual([
      'https://migrate.example.org/signed-in',
      'http://localhost:8025/signed-in',
    ]);
    expect(cloud.outputs).toMatchObject({
      ApiAddress: 'https://api.example.org',
      ConsoleAddress: 'https://migrate.example.org',
    });
  });

  test('serves the console from a bucket that CloudFront alone reads, with headers that browsers keep', () => {
    const [headers] = cloud.resources('AWS::CloudFront::ResponseHeadersPolicy').values();
    const text = JSON.stringify(headers?.Properties);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      'https://api.example.org',
      'StrictTransportSecurity',
      'ContentTypeOptions',
    ])
      expect(text).toContain(part);
    expect(cloud.resources('AWS::CloudFront::OriginAccessControl').size).toBe(1);
    const [bucket] = cloud.resources('AWS::S3::Bucket').values();
    expect(bucket?.Properties).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });

  test('has another name for what CloudFront names over all regions, where the stage is in two', () => {
    const [headers] = cloud.resources('AWS::CloudFront::ResponseHeadersPolicy').values();
    const [access] = cloud.resources('AWS::CloudFront::OriginAccessControl').values();
    const names = [
      Object(headers?.Properties['ResponseHeadersPolicyConfig']).Name,
      Object(access?.Properties['OriginAccessControlConfig']).Name,
    ].map(templateText);
    expect(names).toEqual([
      'mailhaul-test-console-headers-<AWS::Region>',
      'mailhaul-test-console-access-<AWS::Region>',
    ]);
  });

  test('tells the console where the API is by a file that nobody keeps', () => {
    const { Properties } = cloud.resource(
      'Custom::CDKBucketDeployment',
      '/ConsoleSettings/Upload/CustomResource/Default',
    );
    expect(Properties['SystemMetadata']).toEqual({ 'cache-control': 'no-cache' });
  });

  test('keeps room for each function, for consumers as much as their queues may use', () => {
    const reserved = [...cloud.resources('AWS::Lambda::Function')].flatMap(([path, { Properties }]) => {
      const name = /\/(?:Pipeline|Users)\/(\w+)\//.exec(path)?.[1];
      return name === undefined ? [] : [[name, Properties['ReservedConcurrentExecutions']]];
    });
    expect(Object.fromEntries(reserved)).toEqual({
      api: 50,
      planPass: 50,
      syncChunk: 20,
      resyncTimer: 1,
      deadLetters: 4,
      Claims: 10,
    });
  });

  test('works on the table that was restored, by the key of the old one', () => {
    for (const name of Object.keys(FUNCTIONS)) {
      const { Properties } = cloud.resource('AWS::Lambda::Function', `/Pipeline/${name}/Function/Resource`);
      expect(Properties).toMatchObject({
        Environment: { Variables: { MAILHAUL_TABLE: 'mailhaul-restored' } },
      });
      const table = policyOf(cloud, name).find(({ Sid }) => Sid === 'Table');
      expect(templateText(table?.Resource)).toMatch(/:table\/mailhaul-restored$/);
      const key = policyOf(cloud, name).find(({ Sid }) => Sid === 'TableKey');
      expect(templateText(key?.Resource)).toContain('TableKey');
    }
    expect(cloud.resources('AWS::DynamoDB::Table').size).toBe(1);
  });

  test('has every output that docs/deploy.md names', async () => {
    const rows = await documentedRows('Deploy');
    expect(ownOutputs(cloud)).toEqual(rows.flatMap(({ names }) => names).sort());
  });

  test('has the names of its stage, and limits of its own', () => {
    expect(cloud.stacks.every((name) => name.startsWith('mailhaul-test-'))).toBe(true);
    const mapping = cloud.resource('AWS::Lambda::EventSourceMapping', '/Chunks/Mapping/Resource');
    expect(mapping.Properties).toMatchObject({ ScalingConfig: { MaximumConcurrency: 20 } });
    const worker = cloud.resource('AWS::Lambda::Function', '/Pipeline/syncChunk/Function/Resource');
    expect(worker.Properties).toMatchObject({
      Environment: {
        Variables: {
          MAILHAUL_LOG_LEVEL: 'DEBUG',
          MAILHAUL_SECRET_PREFIX: 'mailhaul/test/',
          MAILHAUL_LANES: '3',
        },
      },
    });
  });

  test('goes when it is taken down', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::Cognito::UserPool']) {
      for (const resource of cloud.resources(type).values()) expect(resource.DeletionPolicy).toBe('Delete');
    }
  });
});

describe('an issuer of the operator’s own', () => {
  test('takes the place of the user pool', () =>
    withResource(
      synthesiseCloud({ issuer: 'https://id.example.org/', audience: 'mailhaul,console' }),
      async (cloud) => {
        expect(cloud.resources('AWS::Cognito::UserPool').size).toBe(0);
        const [authorizer] = cloud.resources('AWS::ApiGatewayV2::Authorizer').values();
        expect(authorizer?.Properties).toMatchObject({
          AuthorizerType: 'JWT',
          JwtConfiguration: { Issuer: 'https://id.example.org/', Audience: ['mailhaul', 'console'] },
        });
      },
    ));
});

describe('wrong options', () => {
  test('end the synthesis with the key and what may stand there', async () => {
    const failing = synthesiseCloud({ egress: 'fixed' });
    await expect(failing).rejects.toThrow(/mailhaul:egress: Write shared or static\./);
  });
});
