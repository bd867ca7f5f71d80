import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '../../support/eventually.ts';

const run = promisify(execFile);
const BIN = fileURLToPath(new URL('../../../cli/mailhaul.js', import.meta.url));

describe('the bin', () => {
  let folder: string;
  /** A preload that makes Node say it is 20, so that the bin starts the installed one; not inherited by the child. */
  let older: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-bin-'));
    const preload = join(folder, 'older.mjs');
    await writeFile(
      preload,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } });",
    );
    older = ['--import', preload];
  });
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('runs on Node 24, by its name and by a symbolic link in another folder', async () => {
    const link = join(folder, 'mailhaul');
    await symlink(BIN, link);
    expect((await run(process.execPath, [BIN, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run(process.execPath, [link, '--version'], { cwd: folder })).stdout).toMatch(
      /^\d+\.\d+\.\d+\n$/,
    );
  });

  test('on an older Node starts the installed one, and passes output and exit code on', async () => {
    expect((await run(process.execPath, [...older, BIN, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    await expect(run(process.execPath, [...older, BIN, 'migrate'])).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--source'),
    });
  });

  test('on an older Node without an installed one says what to do', async () => {
    const lonely = join(folder, 'mailhaul.js');
    await writeFile(lonely, await readFile(BIN));
    await expect(run(process.execPath, [...older, lonely, 'demo'])).rejects.toMatchObject({
      code: 69,
      stderr: expect.stringMatching(/needs Node 24.*npm ci/),
    });
  });

  /** A service on a Node that calls itself older, once it serves. */
  async function serve(state: string): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(
      process.execPath,
      [...older, BIN, 'serve', '--port=0', '--state', join(folder, state)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    children.push(child);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const url = await eventually('the service says where it is', () =>
      output.includes('Sign-in token') ? /http:\S+/.exec(output)?.[0] : undefined,
    );
    return { child, url };
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('hands %s on to the Node that it started', async (signal) => {
    const { child } = await serve(signal);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('leaves nothing running when it is killed', async () => {
    const { child, url } = await serve('killed');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const refused = await eventually('nobody answers any more', () =>
      fetch(`${url}/v1/health`).then(
        () => false,
        () => true,
      ),
    );
    expect(refused).toBe(true);
  });
});
