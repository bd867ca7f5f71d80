import { DeploymentOptionsError } from '../../../infra/options/errors.ts';
import { readOptions } from '../../../infra/options/read-options.ts';

const options = (given: Record<string, unknown>) =>
  readOptions(Object.fromEntries(Object.entries(given).map(([name, value]) => [`mailhaul:${name}`, value])));

describe('the options of a deployment', () => {
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
      resyncSeconds: 900,
      apiRatePerSecond: 50,
      apiBurst: 100,
    });
  });

  test('are the same as texts of the command line and as values of a file', () => {
    const audience = ['one', 'two'];
    const issuer = 'https://sign-in.example.org/';
    const values = { interfaceEndpoints: true, chunkConcurrency: 20, logRetentionDays: 30, audience, issuer };
    const texts = {
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
});
