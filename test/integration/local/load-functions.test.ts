import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFunctions } from '../../../infra/local/load-functions.ts';
import { silentLogger } from '../../../infra/local/local-logger.ts';
import { type LocalCloud, startLocalCloud } from '../../../infra/local/local-cloud.ts';
import { type RunningPipeline, runPipeline } from '../../../infra/local/run-pipeline.ts';

describe('the functions of the cloud on one machine', () => {
  let stateDir: string;
  let cloud: LocalCloud;
  let pipeline: RunningPipeline;
  const errors: unknown[] = [];
  const before = { ...process.env };

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-functions-'));
    cloud = await startLocalCloud({
      stateDir,
      variables: { MAILHAUL_LOG_LEVEL: 'SILENT' },
      logger: { ...silentLogger, error: (...said) => errors.push(said) },
    });
    pipeline = await runPipeline(cloud, (await loadFunctions())(cloud.environment));
  });
  afterAll(async () => {
    await pipeline.stop();
    await cloud.close();
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
    await rm(stateDir, { recursive: true, force: true });
  });

  test('answer over HTTP: openly for their health, with a token for a tenant', async () => {
    const health = await fetch(`${pipeline.url}/v1/health`);
    expect(health.status).toBe(200);
    expect((await fetch(`${pipeline.url}/v1/users`)).status).toBe(401);
    const token = await pipeline.issueToken({
      tenant: 't',
      scopes: ['mailhaul:read'],
      expiresInSeconds: 60,
    });
    const users = await fetch(`${pipeline.url}/v1/users`, { headers: { authorization: `Bearer ${token}` } });
    expect([users.status, await users.json()]).toMatchObject([200, { items: [] }]);
    expect(errors).toEqual([]);
  });
});
