import { spawn } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endOfProcess } from '../support/end-of-process.ts';
import { endProcessGroup } from '../support/end-process-group.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { watchProcessGroups } from '../support/process-watchdog.ts';
import type { CloudEndpoint } from './cloud-endpoint.ts';
import { EMULATOR_CREDENTIALS } from './emulator-credentials.ts';
import { EmulatorStartError } from './errors.ts';
import { functionLogs } from './function-logs.ts';
import { runProgram } from './run-program.ts';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const REGION = 'eu-central-1';
const INSTALL_MS = 180_000;
const START_MS = 60_000;
const LOG_CHARACTERS = 4000;

/**
 * MiniStack on a free port of 127.0.0.1, from a virtual environment of Python in a temporary folder. It runs the
 * functions as processes of this very Node. All of it ends with `close`, and also when the test process is killed.
 * @throws ProgramFailedError if it cannot be installed; EmulatorStartError
 */
export async function startEmulator(): Promise<CloudEndpoint> {
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-deploy-'));
  const place = (name: string): string => join(folder, name);
  await Promise.all(['home', 'tmp'].map((name) => mkdir(place(name))));
  // nothing of the account that works here: no credentials, no profile, no endpoint
  const bare = {
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: place('home'),
    TMPDIR: place('tmp'),
  };
  const env = { ...process.env, ...bare };
  await runProgram('python3', ['-m', 'venv', place('python')], { env, withinMs: INSTALL_MS });
  await runProgram(place('python/bin/pip'), ['install', '--quiet', '--requirement', REQUIREMENTS], {
    env: { ...env, HOME: process.env['HOME'] },
    withinMs: INSTALL_MS,
  });

  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const log = await open(place('emulator.log'), 'a');
  const emulator = spawn(place('python/bin/ministack'), [], {
    env: {
      ...bare,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_REGION: REGION,
      // listeners on ports of their own
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    },
    detached: true, // its functions are of its process group
    stdio: ['ignore', log.fd, log.fd],
  });
  const watchdog = watchProcessGroups([emulator], folder);
  await log.close();
  const close = async (): Promise<void> => {
    await endProcessGroup(emulator);
    await watchdog.removeFolder();
  };
  const answers = eventually('it answers', async () => (await fetch(`${url}/_ministack/health`)).ok, {
    withinMs: START_MS,
    everyMs: 100,
  });
  const outcome = await Promise.race([answers, endOfProcess(emulator)]).catch((error: unknown) => error);
  if (outcome !== true) {
    answers.catch(() => undefined);
    const words = await readFile(place('emulator.log'), 'utf8');
    await close();
    throw new EmulatorStartError(words.slice(-LOG_CHARACTERS));
  }
  return {
    url,
    region: REGION,
    env: {
      ...bare,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: EMULATOR_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: EMULATOR_CREDENTIALS.secretAccessKey,
    },
    emulated: true,
    async keepLog() {
      const kept = `${folder}.log`;
      await copyFile(place('emulator.log'), kept);
      await appendFile(kept, await functionLogs({ url, region: REGION }));
      return kept;
    },
    close,
  };
}
