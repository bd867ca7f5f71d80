import type { AwsClients } from '../../../shared/aws-clients/create-clients.ts';
import { CredentialsGoneError } from '../../../shared/vault/errors.ts';
import type { Vault } from '../../../shared/vault/vault.ts';
import { cutAfter } from '../../support/cut-clients.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { credential, secretNames, vaultEntries } from '../../support/vault-entries.ts';

let cloud: TestCloud;
let clients: AwsClients;
let vault: Vault;
let tenant: string;

beforeAll(async () => {
  cloud = await startTestCloud();
  clients = cloud.clients();
  vault = cloud.vault();
});
afterAll(() => cloud.close());
beforeEach(() => {
  tenant = cloud.tenant();
});

const MIGRATION = 'migration-1';
const secretsOf = (name: string): Promise<string[]> => secretNames(clients, `mailhaul/${name}/`);

describe('closing a migration', () => {
  test('destroys every secret of it at once, and none of another', async () => {
    const all = vaultEntries(250);
    const places = await vault.putMailboxes(tenant, MIGRATION, all);
    const [other] = vaultEntries(1);
    const kept = await vault.putMailboxes(tenant, 'migration-2', other === undefined ? [] : [other]);
    await vault.destroyMigration(tenant, MIGRATION);
    await vault.destroyMigration(tenant, MIGRATION);
    expect(await secretsOf(`${tenant}/${MIGRATION}`)).toEqual([]);
    expect(await secretsOf(tenant)).toHaveLength(1);
    const { mailboxId } = all[0] ?? { mailboxId: '' };
    const shard = places.get(mailboxId) ?? '';
    expect(await vault.getMailbox(tenant, shard, mailboxId)).toBeUndefined();
    await expect(vault.replaceMailbox(tenant, shard, mailboxId, credential('x'))).rejects.toThrow(
      CredentialsGoneError,
    );
    await expect(vault.putMailboxes(tenant, MIGRATION, vaultEntries(1))).rejects.toThrow(
      CredentialsGoneError,
    );
    const otherId = other?.mailboxId ?? '';
    expect(await vault.getMailbox(tenant, kept.get(otherId) ?? '', otherId)).toEqual(other?.credential);
  });

  test.each(['request', 'answer'] as const)(
    'destroys also what a putter killed at any %s left',
    async (lost) => {
      let killed = true;
      for (let passes = 0; killed; passes += 1) {
        tenant = cloud.tenant();
        const dying = cloud.clients();
        const cut = cutAfter(dying, passes, lost);
        const all = vaultEntries(210);
        await cloud
          .vault({ clients: dying })
          .putMailboxes(tenant, MIGRATION, all)
          .catch(() => undefined);
        killed = cut.happened();
        await vault.destroyMigration(tenant, MIGRATION);
        expect(await secretsOf(tenant)).toEqual([]);
      }
    },
  );

  test('finds all credentials after a putter killed at any request tried again', async () => {
    let killed = true;
    for (let passes = 0; killed; passes += 1) {
      tenant = cloud.tenant();
      const dying = cloud.clients();
      const cut = cutAfter(dying, passes, passes % 2 === 0 ? 'request' : 'answer');
      const all = vaultEntries(210);
      await cloud
        .vault({ clients: dying })
        .putMailboxes(tenant, MIGRATION, all)
        .catch(() => undefined);
      killed = cut.happened();
      const places = await vault.putMailboxes(tenant, MIGRATION, all);
      for (const { mailboxId, credential: given } of [all[0], all[209]].flatMap((entry) => entry ?? [])) {
        expect(await vault.getMailbox(tenant, places.get(mailboxId) ?? '', mailboxId)).toEqual(given);
      }
    }
  });

  test('killed at any request and repeated destroys all', async () => {
    let killed = true;
    for (let passes = 0; killed; passes += 1) {
      tenant = cloud.tenant();
      await vault.putMailboxes(tenant, MIGRATION, vaultEntries(250));
      const dying = cloud.clients();
      const cut = cutAfter(dying, passes, passes % 2 === 0 ? 'request' : 'answer');
      await cloud
        .vault({ clients: dying })
        .destroyMigration(tenant, MIGRATION)
        .catch(() => undefined);
      killed = cut.happened();
      await vault.destroyMigration(tenant, MIGRATION);
      expect(await secretsOf(tenant)).toEqual([]);
    }
  });

  test('while a password is being replaced leaves no secret behind', async () => {
    const [entry] = vaultEntries(1);
    if (entry === undefined) throw new Error('no entry');
    const shard = (await vault.putMailboxes(tenant, MIGRATION, [entry])).get(entry.mailboxId) ?? '';
    const slow = cloud.clients();
    let destroyed = false;
    slow.secrets.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'CreateSecretCommand' && !destroyed) {
          destroyed = true;
          await vault.destroyMigration(tenant, MIGRATION);
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    const replacing = cloud
      .vault({ clients: slow })
      .replaceMailbox(tenant, shard, entry.mailboxId, credential('new'));
    await expect(replacing).rejects.toThrow(CredentialsGoneError);
    expect(await secretsOf(tenant)).toEqual([]);
  });
});
