import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { type LocalCloud, startLocalCloud } from '../../infra/local/local-cloud.ts';
import { type AwsClients, createClients } from '../../shared/aws-clients/create-clients.ts';
import type { Pacing } from '../../shared/aws-clients/pacing.ts';
import { type Clock, systemClock } from '../../shared/migration/clock.ts';
import { createState, type State } from '../../shared/state/create-state.ts';
import { createVault, type Vault } from '../../shared/vault/vault.ts';

/** The services of one machine, on free ports and in a folder of their own, for one test file. */
export interface TestCloud {
  readonly cloud: LocalCloud;
  readonly table: string;
  /** Clients whose middleware tests may change; closed with the cloud. */
  clients(): AwsClients;
  state(options?: { clients?: AwsClients; clock?: Clock }): State;
  vault(options?: { clients?: AwsClients }): Vault;
  /** A tenant that no other test uses. */
  tenant(): string;
  close(): Promise<void>;
}

/** Does not wait: collisions are resolved at once. */
export const impatient: Pacing = { random: () => 0, delay: () => Promise.resolve() };

/** Starts the services and points the SDK of this process at them. */
export async function startTestCloud(): Promise<TestCloud> {
  const stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-test-'));
  const cloud = await startLocalCloud({ stateDir });
  Object.assign(process.env, cloud.environment);
  const opened: AwsClients[] = [];
  const clients = (): AwsClients => {
    const made = createClients(cloud.environment);
    opened.push(made);
    return made;
  };
  const shared = clients();
  const table = cloud.environment['MAILHAUL_TABLE'] ?? '';
  const prefix = cloud.environment['MAILHAUL_SECRET_PREFIX'] ?? '';
  const state: TestCloud['state'] = (options = {}) =>
    createState((options.clients ?? shared).documents, {
      table,
      clock: options.clock ?? systemClock,
      ids: () => ulid(),
      pacing: impatient,
    });
  let tenants = 0;
  return {
    cloud,
    table,
    clients,
    state,
    vault: (options = {}) =>
      createVault((options.clients ?? shared).secrets, { prefix, state: state(options), pacing: impatient }),
    tenant: () => `tenant-${(tenants += 1)}`,
    async close() {
      for (const each of opened) each.destroy();
      await cloud.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
