import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeploymentOptions, deploymentOptions } from '../../../infra/options/deployment-options.ts';
import { DeploymentOptionsError } from '../../../infra/options/errors.ts';
import { readOptions } from '../../../infra/options/read-options.ts';
import { reservedConcurrency } from '../../../infra/options/reserved-concurrency.ts';
import { documentedRows } from '../../support/documented-rows.ts';

const options = (given: Record<string, unknown>) =>
  readOptions(Object.fromEntries(Object.entries(given).map(([name, value]) => [`mailhaul:${name}`, value])));

/** Of a built console, as far as options look at it. */
const folder = mkdtempSync(join(tmpdir(), 'mailhaul-console-'));
writeFileSync(join(folder, 'index.html'), '<!doctype html>');

/** A console and an API with names of their own. */
const named = (apiDomain: string, consoleDomain: string) => ({
  apiDomain,
  apiCertificate: 'arn:aws:acm:eu-central-1:1:certificate/x',
  consoleDomain,
  consoleCertificate: 'arn:aws:acm:us-east-1:1:certificate/x',
  consoleFolder: folder,
});

/** A value for each option that cannot be. */
const WRONG: Readonly<Record<keyof DeploymentOptions, unknown>> = {
  stage: 'Prod',
  removal: 'keep',
  issuer: 'http://sign-in.example.org',
  audience: '',
  signInDomain: 'my-cognito',
  signInCallbacks: 'http://console.example.org/signed-in',
  egress: 'fixed',
  egressAddresses: 3,
  interfaceEndpoints: 'maybe',
  allowPrivateAddresses: 'perhaps',
  apiDomain: 'https://api.example.org',
  apiCertificate: 'arn:aws:iam::1:server-certificate/x',
  publicUrl: 'http://move.example.org',
  consoleFolder: 'no/such/folder',
  consoleDomain: 'console',
  consoleCertificate: 'arn:aws:acm:eu-central-1:1:certificate/x',
  hostedZoneId: '/hostedzone/Z1',
  hostedZoneName: 'example',
  alarmEmail: 'operator',
  logLevel: 'TRACE',
  logRetentionDays: 8,
  passConcurrency: 1,
  chunkConcurrency: 1001,
  reserveConcurrency: 'all',
  apiConcurrency: 0,
  lanes: 0,
  resyncSeconds: 59,
  apiRatePerSecond: 'many',
  apiBurst: 1.5,
  restoredTable: 'arn:aws:dynamodb:eu-central-1:1:table/x',
};

describe('the options of a deployment', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('all have a value that suits, or are left out', () => {
    expect(options({})).toEqual({
      stage: 'prod',
      removal: 'retain',
      egress: 'shared',
      egressAddresses: 1,
      interfaceEndpoints: false,
      allowPrivateAddresses: false,
      signInCallbacks: ['http://localhost:8025/signed-in'],
      logLevel: 'INFO',
      logRetentionDays: 90,
      passConcurrency: 50,
      chunkConcurrency: 500,
      reserveConcurrency: false,
      apiConcurrency: 50,
      resyncSeconds: 900,
      apiRatePerSecond: 50,
      apiBurst: 100,
    });
  });

  test('are the same as texts of the command line and as values of a file', () => {
    const audience = ['one', 'two'];
    const issuer = 'https://sign-in.example.org/';
    const values = {
      egress: 'static',
      interfaceEndpoints: true,
      chunkConcurrency: 20,
      logRetentionDays: 30,
      audience,
      issuer,
    };
    const texts = {
      egress: 'static',
      interfaceEndpoints: 'true',
      chunkConcurrency: '20',
      logRetentionDays: '30',
      audience: 'one, two',
      issuer,
    };
    expect(options(texts)).toEqual(options(values));
    expect(options(texts)).toMatchObject(values);
  });

  test('of others are left alone', () => {
    expect(readOptions({ 'aws:cdk:enable-path-metadata': true, '@aws-cdk/core:x': 1 })).toEqual(options({}));
  });

  test.each([
    ['an option that does not exist', { stag: 'dev' }, ['mailhaul:stag']],
    ['a stage that names nothing', { stage: 'Über' }, ['mailhaul:stage']],
    ['a retention that CloudWatch does not have', { logRetentionDays: 8 }, ['mailhaul:logRetentionDays']],
    ['retention for ever', { logRetentionDays: 9999 }, ['mailhaul:logRetentionDays']],
    ['a concurrency below what SQS takes', { chunkConcurrency: 1 }, ['mailhaul:chunkConcurrency']],
    ['an issuer without TLS', { issuer: 'http://x.example', audience: 'a' }, ['mailhaul:issuer']],
    ['an issuer without audience', { issuer: 'https://x.example' }, ['mailhaul:audience']],
    ['a domain without certificate', { apiDomain: 'api.example.org' }, ['mailhaul:apiCertificate']],
    [
      'a certificate of another region for CloudFront',
      { consoleCertificate: 'arn:aws:acm:eu-central-1:1:certificate/x' },
      ['mailhaul:consoleCertificate'],
    ],
    ['a stage whose name Cognito would not take', { stage: 'awstest' }, ['mailhaul:stage']],
    ['endpoints without a network', { interfaceEndpoints: true }, ['mailhaul:egress']],
    ['addresses without a network', { egressAddresses: 2 }, ['mailhaul:egress']],
    [
      'sign-in pages where another issuer has them',
      { issuer: 'https://x.example', audience: 'a', signInDomain: 'x' },
      ['mailhaul:signInDomain'],
    ],
    [
      'names outside the zone',
      { ...named('api.example.com', 'notexample.org'), hostedZoneId: 'Z1', hostedZoneName: 'example.org' },
      ['mailhaul:apiDomain', 'mailhaul:consoleDomain'],
    ],
    ['one name for two', named('x.example.org', 'x.example.org'), ['mailhaul:consoleDomain']],
    [
      'several at once',
      { egress: 'fixed', interfaceEndpoints: 'maybe' },
      ['mailhaul:egress', 'mailhaul:interfaceEndpoints'],
    ],
  ])('%s is refused, naming the key', (_what, given, keys) => {
    const reading = (): unknown => options(given);
    expect(reading).toThrow(DeploymentOptionsError);
    expect(reading).toThrow(expect.objectContaining({ keys }));
    for (const key of keys) expect(reading).toThrow(key);
  });

  test.each(Object.entries(WRONG))('%s is refused when it is wrong', (name, value) => {
    const reading = (): unknown => options({ [name]: value });
    expect(reading).toThrow(DeploymentOptionsError);
    expect(reading).toThrow(expect.objectContaining({ keys: [`mailhaul:${name}`] }));
  });

  test('are in docs/deploy.md, each and no other, with the value that holds without it', async () => {
    const rows = await documentedRows('Options');
    expect(rows.flatMap(({ names }) => names).sort()).toEqual(Object.keys(deploymentOptions.shape).sort());
    for (const [name, value] of Object.entries(options({}))) {
      const row = rows.find(({ names }) => names.includes(name));
      expect([name, row?.cells[0]]).toEqual([name, expect.stringContaining(`\`${String(value)}\``)]);
    }
  });

  test('reserve nothing by themselves, for a new account has little, and all that the queues may use when asked', () => {
    expect(reservedConcurrency(options({}))).toEqual({});
    const given = {
      reserveConcurrency: true,
      passConcurrency: 20,
      chunkConcurrency: 100,
      apiConcurrency: 30,
    };
    expect(reservedConcurrency(options(given))).toEqual({
      api: 30,
      planPass: 20,
      syncChunk: 100,
      resyncTimer: 1,
      deadLetters: 4,
      signInClaims: 10,
    });
  });
});
