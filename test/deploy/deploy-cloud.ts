import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { CloudEndpoint } from './cloud-endpoint.ts';
import { leaveOutGaps } from './emulator-gaps.ts';
import { runProgram } from './run-program.ts';

const CDK = fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));
/** A name of its own, so that an endpoint which is shared keeps what else is there. */
export const STAGE = 'deploytest';
const STEP_MS = 240_000;

/** What this deployment differs in from one for an operator. */
const OPTIONS = {
  stage: STAGE,
  removal: 'destroy',
  // the mail servers of the test are on loopback
  allowPrivateAddresses: 'true',
  // the shortest there is
  resyncSeconds: '60',
};

const outputsSchema = z.object({
  [`mailhaul-${STAGE}-sign-in`]: z.object({ UserPoolId: z.string(), UserPoolClientId: z.string() }),
  [`mailhaul-${STAGE}-service`]: z.object({ ApiAddress: z.url() }),
});

export interface DeployedCloud {
  readonly apiAddress: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Takes all stacks down again. */
  destroy(): Promise<void>;
}

/**
 * Synthesises the templates and deploys them with the CDK's own command line, as `npm run deploy` does.
 * @throws ProgramFailedError
 */
export async function deployCloud(endpoint: CloudEndpoint): Promise<DeployedCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-deploy-templates-'));
  const assembly = join(folder, 'cdk.out');
  const outputsFile = join(folder, 'outputs.json');
  const cdk = (...args: string[]): Promise<void> =>
    runProgram(process.execPath, [CDK, ...args, '--ci', '--no-notices'], {
      env: { ...endpoint.env, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_DISABLE_VERSION_CHECK: 'true' },
      withinMs: STEP_MS,
    });
  const context = Object.entries(OPTIONS).flatMap(([name, value]) => ['-c', `mailhaul:${name}=${value}`]);
  try {
    await cdk('synth', '--quiet', '--output', assembly, ...context);
    if (endpoint.emulated) await leaveOutGapsIn(assembly);
    const deployed = ['--app', assembly, '--all'];
    await cdk('bootstrap', '--app', assembly);
    await cdk('deploy', ...deployed, '--require-approval', 'never', '--outputs-file', outputsFile);
    const outputs = outputsSchema.parse(JSON.parse(await readFile(outputsFile, 'utf8')));
    const signIn = outputs[`mailhaul-${STAGE}-sign-in`];
    const service = outputs[`mailhaul-${STAGE}-service`];
    return {
      apiAddress: service.ApiAddress,
      userPoolId: signIn.UserPoolId,
      clientId: signIn.UserPoolClientId,
      async destroy() {
        await cdk('destroy', ...deployed, '--force');
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function leaveOutGapsIn(assembly: string): Promise<void> {
  const files = (await readdir(assembly)).filter((name) => name.endsWith('.template.json'));
  for (const file of files.map((name) => join(assembly, name))) {
    await writeFile(file, leaveOutGaps(await readFile(file, 'utf8')));
  }
}
