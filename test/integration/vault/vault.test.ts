import { inspect } from 'node:util';
import type { AwsClients } from '../../../shared/aws-clients/create-clients.ts';
import {
  CredentialsGoneError,
  CredentialTooBigError,
  VaultUnavailableError,
} from '../../../shared/vault/errors.ts';
import type { MailboxCredential, Vault } from '../../../shared/vault/vault.ts';
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

describe('credentials of mailboxes', () => {
  test('share secrets of two hundred, named by tenant and migration', async () => {
    const all = vaultEntries(450);
    const places = await vault.putMailboxes(tenant, MIGRATION, all);
    const shards = [...new Set(places.values())];
    expect(shards).toEqual([0, 1, 2].map((number) => `mailhaul/${tenant}/${MIGRATION}/${number}`));
    expect(await secretsOf(tenant)).toHaveLength(3);
    for (const { mailboxId, credential: given } of [all[0], all[199], all[200], all[449]].flatMap(
      (e) => e ?? [],
    )) {
      expect(await vault.getMailbox(tenant, places.get(mailboxId) ?? '', mailboxId)).toEqual(given);
    }
  });

  test('added one by one fill the same secret', async () => {
    for (const entry of vaultEntries(4)) await vault.putMailboxes(tenant, MIGRATION, [entry]);
    expect(await secretsOf(tenant)).toHaveLength(1);
  });

  test('of a new migration are stored without reading what has just been made', async () => {
    const first = cloud.clients();
    const requests = cutAfter(first, Number.POSITIVE_INFINITY, 'request');
    await cloud.vault({ clients: first }).putMailboxes(tenant, MIGRATION, vaultEntries(3));
    // the list of shards, the pointer, the secret's id, the secret, the pointer to it
    expect(requests.sent()).toBe(5);
  });

  test('of a new migration take in what another has put there in the same moment', async () => {
    const [own, other] = vaultEntries(2);
    if (own === undefined || other === undefined) throw new Error('no entries');
    const first = cloud.clients();
    let theirs: Map<string, string> | undefined;
    first.secrets.middlewareStack.add(
      (next, context) => async (args) => {
        const isFirst = context.commandName === 'CreateSecretCommand' && theirs === undefined;
        if (isFirst) theirs = await vault.putMailboxes(tenant, MIGRATION, [other]);
        return next(args);
      },
      { step: 'initialize' },
    );
    const ours = await cloud.vault({ clients: first }).putMailboxes(tenant, MIGRATION, [own]);
    const shard = `mailhaul/${tenant}/${MIGRATION}/0`;
    expect([...ours.values(), ...(theirs?.values() ?? [])]).toEqual([shard, shard]);
    for (const { mailboxId, credential: given } of [own, other]) {
      expect(await vault.getMailbox(tenant, shard, mailboxId)).toEqual(given);
    }
  });

  test('with long passwords are spread so that every secret stays below 64 KB', async () => {
    const all = vaultEntries(100, (index) => `${'ä"'.repeat(700)}${index}`);
    const places = await vault.putMailboxes(tenant, MIGRATION, all);
    const shards = await cloud.state().secretPointers.listShards(tenant, MIGRATION);
    expect(shards.length).toBeGreaterThan(4);
    for (const { bytes } of shards) expect(bytes).toBeLessThan(49_000);
    for (const { mailboxId, credential: given } of all) {
      expect(await vault.getMailbox(tenant, places.get(mailboxId) ?? '', mailboxId)).toEqual(given);
    }
  });

  test('too large for a secret are refused before anything is stored', async () => {
    const putting = vault.putMailboxes(tenant, MIGRATION, [
      ...vaultEntries(2),
      ...vaultEntries(1, () => 'x'.repeat(60_000)),
    ]);
    await expect(putting).rejects.toThrow(CredentialTooBigError);
    expect(await secretsOf(tenant)).toEqual([]);
  });

  test('given again replace the old ones in the same place', async () => {
    const [entry] = vaultEntries(1);
    if (entry === undefined) throw new Error('no entry');
    const first = await vault.putMailboxes(tenant, MIGRATION, [entry, ...vaultEntries(250)]);
    const second = await vault.putMailboxes(tenant, MIGRATION, [
      { ...entry, credential: credential('new', 'dest') },
    ]);
    expect(second.get(entry.mailboxId)).toBe(first.get(entry.mailboxId));
    expect(await vault.getMailbox(tenant, second.get(entry.mailboxId) ?? '', entry.mailboxId)).toEqual(
      credential('new', 'dest'),
    );
  });

  test('are not given to another tenant, nor by the name of something else', async () => {
    const [entry] = vaultEntries(1);
    const mailboxId = entry?.mailboxId ?? '';
    const shard =
      (await vault.putMailboxes(tenant, MIGRATION, entry === undefined ? [] : [entry])).get(mailboxId) ?? '';
    await vault.putService({ tenant, kind: 'destination' }, { kind: 'password', password: 'admin' });
    const other = cloud.tenant();
    expect(await vault.getMailbox(other, shard, mailboxId)).toBeUndefined();
    expect(await vault.getMailbox(tenant, `mailhaul/${tenant}/destination`, mailboxId)).toBeUndefined();
    expect(await vault.getMailbox(tenant, shard, 'another')).toBeUndefined();
    await expect(vault.replaceMailbox(other, shard, mailboxId, credential('x'))).rejects.toThrow(
      CredentialsGoneError,
    );
    expect(await vault.getMailbox(tenant, shard, mailboxId)).toEqual(entry?.credential);
  });

  test('put by several at once are all kept', async () => {
    const groups = Array.from({ length: 5 }, () => vaultEntries(30));
    const places = await Promise.all(groups.map((group) => vault.putMailboxes(tenant, MIGRATION, group)));
    for (const [index, group] of groups.entries()) {
      for (const { mailboxId, credential: given } of group) {
        expect(await vault.getMailbox(tenant, places[index]?.get(mailboxId) ?? '', mailboxId)).toEqual(given);
      }
    }
  });
});

const prepare = async (count: number) => {
  const all = vaultEntries(count);
  const places = await vault.putMailboxes(tenant, MIGRATION, all);
  return { all, shard: places.get(all[0]?.mailboxId ?? '') ?? '' };
};

describe('replacing a password', () => {
  test('by several at once loses no one’s change', async () => {
    const { all, shard } = await prepare(8);
    await Promise.all(
      all.map(({ mailboxId }) =>
        vault.replaceMailbox(tenant, shard, mailboxId, credential(`new-${mailboxId}`)),
      ),
    );
    for (const { mailboxId } of all) {
      expect(await vault.getMailbox(tenant, shard, mailboxId)).toEqual(credential(`new-${mailboxId}`));
    }
    expect(await secretsOf(tenant)).toHaveLength(1);
  });

  test('never disturbs who reads at the same time', async () => {
    const { all, shard } = await prepare(2);
    const [changed, read] = all;
    if (changed === undefined || read === undefined) throw new Error('no entries');
    const written: number[] = [];
    const write = async (): Promise<void> => {
      for (let round = 1; round <= 20; round += 1) {
        await vault.replaceMailbox(tenant, shard, changed.mailboxId, credential(`round-${round}`));
        written.push(round);
      }
    };
    const writing = write();
    while (written.length < 20) {
      expect(await vault.getMailbox(tenant, shard, read.mailboxId)).toEqual(read.credential);
    }
    await writing;
  });

  test('deletes the old password at once', async () => {
    const { all, shard } = await prepare(1);
    const before = await secretsOf(tenant);
    await vault.replaceMailbox(tenant, shard, all[0]?.mailboxId ?? '', credential('new'));
    const after = await secretsOf(tenant);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  test('by the same one writes nothing', async () => {
    const { all, shard } = await prepare(2);
    const [{ mailboxId } = { mailboxId: '' }] = all;
    const before = await secretsOf(tenant);
    const same = cloud.clients();
    const requests = cutAfter(same, Number.POSITIVE_INFINITY, 'request');
    const { source } = (await vault.getMailbox(tenant, shard, mailboxId)) ?? {};
    await cloud.vault({ clients: same }).replaceMailbox(tenant, shard, mailboxId, source ? { source } : {});
    expect(requests.sent()).toBe(2);
    expect(await secretsOf(tenant)).toEqual(before);
  });

  test.each(['request', 'answer'] as const)(
    'killed at any %s leaves the old or the new one, and nothing hidden',
    async (lost) => {
      let killed = true;
      for (let passes = 0; killed; passes += 1) {
        tenant = cloud.tenant();
        const { all, shard } = await prepare(2);
        const [changed, kept] = all;
        if (changed === undefined || kept === undefined) throw new Error('no entries');
        const dying = cloud.clients();
        const cut = cutAfter(dying, passes, lost);
        await cloud
          .vault({ clients: dying })
          .replaceMailbox(tenant, shard, changed.mailboxId, credential('new'))
          .catch(() => undefined);
        killed = cut.happened();
        expect([changed.credential, credential('new')]).toContainEqual(
          await vault.getMailbox(tenant, shard, changed.mailboxId),
        );
        await vault.replaceMailbox(tenant, shard, changed.mailboxId, credential('newer'));
        expect(await vault.getMailbox(tenant, shard, changed.mailboxId)).toEqual(credential('newer'));
        expect(await vault.getMailbox(tenant, shard, kept.mailboxId)).toEqual(kept.credential);
        await vault.destroyMigration(tenant, MIGRATION);
        expect(await secretsOf(tenant)).toEqual([]);
      }
    },
  );
});

/** As long as those of Microsoft. */
const token = (index: number | string, length = 2_000): string => `${index}.`.padEnd(length, 'M');
const consent = (index: number | string, length?: number): MailboxCredential => ({
  source: { kind: 'refresh-token', refreshToken: token(index, length) },
});

describe('refresh tokens, which are long', () => {
  const largest = async (): Promise<number> => {
    const shards = await cloud.state().secretPointers.listShards(tenant, MIGRATION);
    return Math.max(...shards.map(({ bytes }) => bytes));
  };
  const waiting = async (count: number) => {
    const all = vaultEntries(count).map(({ mailboxId }) => ({ mailboxId, credential: {} }));
    return { all, places: await vault.putMailboxes(tenant, MIGRATION, all) };
  };

  test('of thousands of users are stored together', async () => {
    const all = vaultEntries(3_000).map(({ mailboxId }, index) => ({
      mailboxId,
      credential: consent(index),
    }));
    const places = await vault.putMailboxes(tenant, MIGRATION, all);
    expect(new Set(places.values()).size).toBeLessThan(135);
    expect(await largest()).toBeLessThan(65_536);
    for (const { mailboxId, credential: given } of [all[0], all[1_234], all[2_999]].flatMap((e) => e ?? [])) {
      expect(await vault.getMailbox(tenant, places.get(mailboxId) ?? '', mailboxId)).toEqual(given);
    }
  }, 60_000);

  test('that come one by one for mailboxes that waited all find room', async () => {
    const { all, places } = await waiting(100);
    const give = (mailboxId: string, credential: MailboxCredential) =>
      vault.replaceMailbox(tenant, places.get(mailboxId) ?? '', mailboxId, credential);
    for (const [index, { mailboxId }] of all.entries()) await give(mailboxId, consent(index));
    // the other side's comes later, and both grow
    for (const { mailboxId } of all.slice(0, 20)) {
      await give(mailboxId, { destination: { kind: 'refresh-token', refreshToken: token('other', 4_000) } });
    }
    expect(await largest()).toBeLessThan(65_536);
    for (const [index, { mailboxId }] of all.entries()) {
      const other = index < 20 && {
        destination: { kind: 'refresh-token', refreshToken: token('other', 4_000) },
      };
      expect(await vault.getMailbox(tenant, places.get(mailboxId) ?? '', mailboxId)).toEqual({
        ...consent(index),
        ...other,
      });
    }
    await vault.destroyMigration(tenant, MIGRATION);
    expect(await secretsOf(tenant)).toEqual([]);
  }, 120_000);

  test('that come at the same moment are all kept', async () => {
    const { all, places } = await waiting(60);
    for (const [index, { mailboxId }] of all.entries()) {
      if (index % 2 === 0) continue;
      await vault.replaceMailbox(tenant, places.get(mailboxId) ?? '', mailboxId, consent(index));
    }
    const late = all.filter((_entry, index) => index % 2 === 0).slice(0, 8);
    await Promise.all(
      late.map(({ mailboxId }) =>
        vault.replaceMailbox(tenant, places.get(mailboxId) ?? '', mailboxId, consent('late', 4_000)),
      ),
    );
    for (const { mailboxId } of late) {
      expect(await vault.getMailbox(tenant, places.get(mailboxId) ?? '', mailboxId)).toEqual(
        consent('late', 4_000),
      );
    }
  }, 60_000);

  test('grow with each use, and never out of their secret', async () => {
    const all = vaultEntries(40).map(({ mailboxId }, index) => ({
      mailboxId,
      credential: consent(index, 1_100),
    }));
    const places = await vault.putMailboxes(tenant, MIGRATION, all);
    expect(new Set(places.values()).size).toBe(1);
    for (const length of [2_500, 4_000]) {
      for (const [index, { mailboxId }] of all.entries()) {
        const before = length === 2_500 ? 1_100 : 2_500;
        const rotation = { side: 'source', from: token(index, before), to: token(index, length) } as const;
        const shard = places.get(mailboxId) ?? '';
        expect(await vault.rotateRefreshToken(tenant, shard, mailboxId, rotation)).toBe(true);
        expect(await vault.rotateRefreshToken(tenant, shard, mailboxId, rotation)).toBe(false);
      }
    }
    expect(await largest()).toBeLessThan(65_536);
    for (const [index, { mailboxId }] of all.entries()) {
      expect(await vault.getMailbox(tenant, places.get(mailboxId) ?? '', mailboxId)).toEqual(
        consent(index, 4_000),
      );
    }
    // known by where they began, wherever they are now
    const again = await vault.putMailboxes(
      tenant,
      MIGRATION,
      all.map(({ mailboxId }) => ({ mailboxId, credential: consent('again') })),
    );
    expect(again).toEqual(places);
    for (const { mailboxId } of all) {
      expect(await vault.getMailbox(tenant, places.get(mailboxId) ?? '', mailboxId)).toEqual(
        consent('again'),
      );
    }
  }, 60_000);

  test.each(['request', 'answer'] as const)(
    'that move are there before and after, whichever %s is the last',
    async (lost) => {
      let killed = true;
      for (let passes = 0; killed; passes += 1) {
        tenant = cloud.tenant();
        const all = vaultEntries(11).map(({ mailboxId }, index) => ({
          mailboxId,
          credential: consent(index, 4_000),
        }));
        const places = await vault.putMailboxes(tenant, MIGRATION, all);
        const { mailboxId } = all[0] ?? { mailboxId: '' };
        const shard = places.get(mailboxId) ?? '';
        const dying = cloud.clients();
        const cut = cutAfter(dying, passes, lost);
        await cloud
          .vault({ clients: dying })
          .replaceMailbox(tenant, shard, mailboxId, consent('moved', 40_000))
          .catch(() => undefined);
        killed = cut.happened();
        const stored = await vault.getMailbox(tenant, shard, mailboxId);
        expect([consent(0, 4_000), consent('moved', 40_000)]).toContainEqual(stored);
        await vault.replaceMailbox(tenant, shard, mailboxId, consent('newer', 45_000));
        expect(await vault.getMailbox(tenant, shard, mailboxId)).toEqual(consent('newer', 45_000));
        await vault.destroyMigration(tenant, MIGRATION);
        expect(await secretsOf(tenant)).toEqual([]);
        await expect(vault.replaceMailbox(tenant, shard, mailboxId, consent('late'))).rejects.toThrow(
          CredentialsGoneError,
        );
      }
    },
    60_000,
  );

  test('that grow while the connection is closed leave nothing behind', async () => {
    const { all, places } = await waiting(40);
    for (const { mailboxId } of all.slice(1)) {
      await vault.replaceMailbox(tenant, places.get(mailboxId) ?? '', mailboxId, consent('full', 1_450));
    }
    const { mailboxId } = all[0] ?? { mailboxId: '' };
    const slow = cloud.clients();
    let closed = false;
    slow.documents.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'PutItemCommand' && !closed) {
          closed = true;
          // whoever closes it cannot know of the shard that is about to be made
          await cloud.vault().destroyMigration(tenant, MIGRATION);
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    const giving = cloud
      .vault({ clients: slow })
      .replaceMailbox(tenant, places.get(mailboxId) ?? '', mailboxId, consent('late', 4_000));
    await expect(giving).rejects.toThrow(CredentialsGoneError);
    expect(closed).toBe(true);
    expect(await secretsOf(tenant)).toEqual([]);
  });
});

describe('the administrator’s secret', () => {
  test('is kept, replaced, destroyed and given anew', async () => {
    expect(await vault.getService({ tenant, kind: 'destination' })).toBeUndefined();
    await vault.destroyService({ tenant, kind: 'destination' });
    for (const password of ['one', 'two']) {
      await vault.putService({ tenant, kind: 'destination' }, { kind: 'password', password });
      expect(await vault.getService({ tenant, kind: 'destination' })).toEqual({ kind: 'password', password });
      expect(await secretsOf(tenant)).toHaveLength(1);
    }
    expect(await vault.getService({ tenant: cloud.tenant(), kind: 'destination' })).toBeUndefined();
    await vault.destroyService({ tenant, kind: 'destination' });
    expect(await vault.getService({ tenant, kind: 'destination' })).toBeUndefined();
    expect(await secretsOf(tenant)).toEqual([]);
    await vault.putService({ tenant, kind: 'destination' }, { kind: 'password', password: 'three' });
    expect(await vault.getService({ tenant, kind: 'destination' })).toEqual({
      kind: 'password',
      password: 'three',
    });
  });
});

describe('a fault', () => {
  const PASSWORD = 'pass-that-nobody-may-see';

  test.each(['CreateSecretCommand', 'GetSecretValueCommand', 'DeleteSecretCommand'])(
    'of Secrets Manager at %s tells nothing of a password',
    async (command) => {
      const [entry] = vaultEntries(1, () => `old-${PASSWORD}`);
      if (entry === undefined) throw new Error('no entry');
      const shard = (await vault.putMailboxes(tenant, MIGRATION, [entry])).get(entry.mailboxId) ?? '';
      const failing = cloud.clients();
      failing.secrets.middlewareStack.add(
        (next, context) => (args) => {
          if (context.commandName !== command) return next(args);
          const error = new Error(`refused ${JSON.stringify(args.input)} ${PASSWORD}`);
          return Promise.reject(Object.assign(error, { name: 'ThrottlingException', input: args.input }));
        },
        { step: 'initialize' },
      );
      const error: unknown = await cloud
        .vault({ clients: failing })
        .replaceMailbox(tenant, shard, entry.mailboxId, credential(PASSWORD))
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(VaultUnavailableError);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(PASSWORD);
    },
  );
});
