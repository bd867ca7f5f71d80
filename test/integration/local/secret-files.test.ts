import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  type LocalCloud,
  type LocalCloudOptions,
  startLocalCloud,
} from '../../../infra/local/local-cloud.ts';

const NAME = 'mailhaul/tenant-of-note/shard-1';
const SECRETS = ['correct horse battery staple', 'hunter2-hunter2-hunter2'];

describe('secrets on this machine', () => {
  let stateDir: string;
  let cloud: LocalCloud | undefined;
  let client: SecretsManagerClient;

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-secrets-'));
  });
  afterEach(async () => {
    await stop();
    await rm(stateDir, { recursive: true, force: true });
  });

  async function start(options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
    cloud = await startLocalCloud({ stateDir, ...options });
    client = new SecretsManagerClient({
      region: cloud.environment['AWS_REGION'] ?? '',
      endpoint: cloud.environment['AWS_ENDPOINT_URL_SECRETS_MANAGER'] ?? '',
      credentials: cloud.credentials,
    });
    return cloud;
  }

  async function stop(): Promise<void> {
    client.destroy();
    await cloud?.close();
    cloud = undefined;
  }

  async function storeSecrets(): Promise<void> {
    await client.send(new CreateSecretCommand({ Name: NAME, SecretString: SECRETS[0] }));
    await client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString: SECRETS[1] }));
  }

  async function files(): Promise<Array<{ path: string; content: Buffer; mode: number }>> {
    const entries = await readdir(stateDir, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Promise.all(
      paths.map(async (path) => ({
        path,
        content: await readFile(path),
        mode: (await stat(path)).mode & 0o777,
      })),
    );
  }

  async function secretFiles(): Promise<string[]> {
    const paths = (await files()).map(({ path }) => path);
    return paths.filter((path) => path.startsWith(join(stateDir, 'secrets')));
  }

  test('are nowhere on the disk in clear: not their text, not their names', async () => {
    await start();
    await storeSecrets();
    await stop();
    for (const { content } of await files()) {
      for (const text of [...SECRETS, 'tenant-of-note']) {
        for (const encoding of ['utf8', 'utf16le', 'hex', 'base64'] as const) {
          const needle =
            encoding === 'utf16le' ? Buffer.from(text, encoding) : Buffer.from(text).toString(encoding);
          expect(content.includes(needle)).toBe(false);
        }
      }
    }
  });

  test('are in files that only their owner may read', async () => {
    await start();
    await storeSecrets();
    await stop();
    const kept = (await files()).filter(({ path }) =>
      /secrets|\.key$|\.jwk$/.test(path.slice(stateDir.length)),
    );
    expect(kept.length).toBeGreaterThanOrEqual(3);
    for (const { mode } of kept) expect(mode).toBe(0o600);
    expect((await stat(join(stateDir, 'secrets'))).mode & 0o777).toBe(0o700);
  });

  test('outlive the process, and leave no file behind when they are deleted', async () => {
    await start();
    const before = await secretFiles();
    await storeSecrets();
    await stop();
    await start();
    const answer = await client.send(new GetSecretValueCommand({ SecretId: NAME }));
    expect(answer.SecretString).toBe(SECRETS[1]);
    await client.send(new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true }));
    expect(await secretFiles()).toEqual(before);
  });

  test('a key that is given is not written to the disk, and another key does not open the folder', async () => {
    const masterKey = randomBytes(32).toString('base64');
    await start({ masterKey });
    await storeSecrets();
    await stop();
    for (const { path, content } of await files()) {
      expect(path).not.toMatch(/master\.key$/);
      expect(content.includes(Buffer.from(masterKey, 'base64'))).toBe(false);
      expect(content.includes(masterKey)).toBe(false);
    }
    await expect(startLocalCloud({ stateDir })).rejects.toMatchObject({ code: 'MasterKeyInvalid' });
    await start({ masterKey: Buffer.from(masterKey, 'base64').toString('hex') });
    expect((await client.send(new GetSecretValueCommand({ SecretId: NAME }))).SecretString).toBe(SECRETS[1]);
  });

  test.each(['', 'short', randomBytes(31).toString('base64')])('%j is not a key', async (masterKey) => {
    await expect(startLocalCloud({ stateDir, masterKey })).rejects.toMatchObject({
      code: 'MasterKeyInvalid',
    });
    // The folder is free again.
    await start();
  });

  test('many writers of one secret at the same time leave one of their values, whole', async () => {
    await start();
    await client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'first' }));
    const values = Array.from({ length: 10 }, (_, n) => String(n).repeat(20_000));
    await Promise.all(
      values.map((SecretString) => client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString }))),
    );
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: NAME }));
    expect(values).toContain(SecretString);
  });
});
