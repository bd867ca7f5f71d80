import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { LocalServiceError, MasterKeyError } from '../../../infra/local/errors.ts';
import { startLocalCloud } from '../../../infra/local/local-cloud.ts';
import { silentLogger } from '../../../infra/local/local-logger.ts';
import { disturbedBy } from '../../support/disturbed-by.ts';
import { eventually } from '../../support/eventually.ts';
import { describeResult, runMailhaul, startMailhaul } from '../../support/mailhaul-process.ts';
import { withResource } from '../../support/with-resource.ts';

const PROGRAM = fileURLToPath(new URL('./use-and-close.ts', import.meta.url));

describe('the thread of the services', () => {
  let stateDir: string;
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-thread-'));
  });
  afterEach(() => rm(stateDir, { recursive: true, force: true }));

  async function failure(options: { masterKey?: string } = {}): Promise<unknown> {
    const outcome = await startLocalCloud({ stateDir, ...options }).catch((error: unknown) => error);
    return outcome;
  }

  async function startsAgain(): Promise<void> {
    const cloud = await startLocalCloud({ stateDir });
    await cloud.close();
  }

  /** Runs a process to its end: it ends by itself, or the test does not. */
  async function useAndClose(starts: number, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const child = spawn(process.execPath, [PROGRAM, stateDir, String(starts)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const [exitCode] = (await once(child, 'close')) as [number | null];
    const lines = printed.split('\n').filter(Boolean);
    return { exitCode, starts: lines.map((line): unknown => JSON.parse(line)) };
  }

  test('hands over why a service did not start: its class, its data, its cause', async () => {
    await writeFile(join(stateDir, 'dynamodb'), 'no folder');
    const error = await failure();
    expect(error).toBeInstanceOf(LocalServiceError);
    expect(error).toMatchObject({
      name: 'LocalServiceError',
      code: 'LocalServiceFailed',
      service: 'dynamodb',
      message: `The database in ${join(stateDir, 'dynamodb')} cannot be opened.`,
      cause: { code: 'LEVEL_DATABASE_NOT_OPEN' },
    });
    await rm(join(stateDir, 'dynamodb'));
    await startsAgain();
  });

  test('hands over that the key is none', async () => {
    const error = await failure({ masterKey: 'short' });
    expect(error).toBeInstanceOf(MasterKeyError);
    expect(error).toMatchObject({
      name: 'MasterKeyError',
      code: 'MasterKeyInvalid',
      message: expect.stringContaining('32 bytes'),
    });
    await startsAgain();
  });

  test("hands over an error of node's own with its code and its path", async () => {
    await writeFile(join(stateDir, 'secrets'), 'no folder');
    expect(await failure()).toMatchObject({ code: 'EEXIST', path: join(stateDir, 'secrets') });
    await rm(join(stateDir, 'secrets'));
    await startsAgain();
  });

  test('has its log written by the logger of those who started it', async () => {
    const said: unknown[][] = [];
    const logger = { ...silentLogger, error: (...args: unknown[]) => said.push(args) };
    const cloud = await startLocalCloud({ stateDir, logger });
    await rm(join(stateDir, 'secrets'), { recursive: true });
    const client = new SecretsManagerClient({
      region: cloud.environment['AWS_REGION'] ?? '',
      endpoint: cloud.environment['AWS_ENDPOINT_URL_SECRETS_MANAGER'] ?? '',
      credentials: cloud.credentials,
      maxAttempts: 1,
    });
    await expect(client.send(new CreateSecretCommand({ Name: 'n', SecretString: 's' }))).rejects.toThrow(
      'An error occurred on the server side.',
    );
    client.destroy();
    await cloud.close();
    expect(said).toEqual([['The embedded Secrets Manager failed', { errorCode: 'ENOENT' }]]);
  });

  test('ends with the cloud, which leaves the folder free and nothing that would keep the process', async () => {
    expect(await useAndClose(2)).toEqual({
      exitCode: 0,
      starts: [
        { tables: 'mailhaul', died: null },
        { tables: 'mailhaul', died: null },
      ],
    });
  });

  test('is ended when it does not end by itself', async () => {
    expect(await useAndClose(1, disturbedBy({ stay: true }))).toEqual({
      exitCode: 0,
      starts: [{ tables: 'mailhaul', died: null }],
    });
  });

  test('tells by a signal that it has died, and leaves the folder free', async () => {
    const died = {
      name: 'LocalCloudDiedError',
      code: 'LocalCloudDied',
      message: 'The embedded services have ended (disturbed at ListTables).',
      cause: 'Error: disturbed at ListTables',
    };
    expect(await useAndClose(2, disturbedBy({ dieAt: 'ListTables' }))).toEqual({
      exitCode: 0,
      starts: [
        { tables: 'failed: true', died },
        { tables: 'failed: true', died },
      ],
    });
  });

  test('that dies during the start makes the start fail', async () => {
    const result = await runMailhaul(['serve', '--port=0', `--state=${stateDir}`], {
      env: disturbedBy({ dieAt: 'CreateQueue' }),
    });
    expect(describeResult(result)).toMatch(/^Exit 70\n/);
    expect(result.stderr).toContain('The embedded services have ended (disturbed at CreateQueue).');
    await startsAgain();
  });

  test('that dies ends mailhaul serve', async () => {
    const running = startMailhaul(['serve', '--port=0', `--state=${stateDir}`], {
      env: { ...disturbedBy({ dieAt: 'PutItem' }), MAILHAUL_LOG_LEVEL: 'ERROR' },
    });
    await withResource(running, async () => {
      const [url, token] = await eventually('address and token', () => {
        const found = /is at (http:\S+)\nSign-in token: (\S+)\n/.exec(running.output().stdout);
        return found === null ? undefined : [found[1] ?? '', found[2] ?? ''];
      });
      const answer = fetch(`${url}/v1/users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'a@b.example', displayName: 'A' }),
      });
      const [ended] = await Promise.all([running.ended, answer.catch(() => undefined)]);
      expect(describeResult(ended)).toMatch(/^Exit 70\n/);
      expect(ended.stderr).toContain(
        'mailhaul: a fault inside mailhaul: The embedded services have ended (disturbed at PutItem).',
      );
      expect(ended.stderr).toMatch(/"level": "ERROR",\s+"message": "The embedded services have ended"/);
    });
    await startsAgain();
  });
});
