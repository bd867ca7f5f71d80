import { retryItems } from '../../../shared/lifecycle/retry-items.ts';
import type { LabelPolicy } from '../../../shared/migration/label-policy.ts';
import { parseUidSet } from '../../../shared/migration/uid-set.ts';
import { cutAfter } from '../../support/cut-clients.ts';
import { dyingAtWrite } from '../../support/dying-at-write.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import { gmailFolder, gmailScript } from '../../support/provider-servers/gmail-script.ts';
import type { MailAccount } from '../../support/provider-servers/mail-account.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-servers/provider-server.ts';
import { type RefusingProxy, startRefusingProxy } from '../../support/refusing-proxy.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

const ALL = gmailFolder('\\All');
const EACH: LabelPolicy = { copies: 'each-label', important: false, chats: false };
const ONE: LabelPolicy = { ...EACH, copies: 'one-folder' };
const DATE = '03-Mar-2019 04:05:06 -0700';

interface World {
  readonly mailbox: MailboxBench;
  readonly account: MailAccount;
  readonly server: ProviderServer;
  /** In front of the destination. */
  readonly proxy: RefusingProxy;
}

function deliver(
  account: MailAccount,
  subject: string,
  labels: readonly string[],
  flags: string[] = [],
): void {
  const bytes = `Message-ID: <${subject}@example.com>\r\nSubject: ${subject}\r\n\r\nText of ${subject}.\r\n`;
  account.deliver([...labels, ALL], { bytes, flags, internalDate: DATE });
}

function fill(account: MailAccount): void {
  deliver(account, 'in', ['INBOX']);
  deliver(account, 'in-work', ['INBOX', 'Work'], ['\\Seen']);
  deliver(account, 'three', ['Home', 'Work', 'INBOX'], ['\\Flagged', '$Phishing']);
  deliver(account, 'home-work', ['Home', 'Work']);
  deliver(account, 'archived', []);
}

const HOLDINGS = {
  INBOX: ['in', 'in-work', 'three'],
  Home: ['home-work', 'three'],
  Work: ['home-work', 'in-work', 'three'],
  Archive: ['archived'],
};
const ONCE = { INBOX: ['in'], Home: ['home-work', 'three'], Work: ['in-work'], Archive: ['archived'] };

/** Messages whose bodies the source was asked for. */
function bodiesAsked(server: ProviderServer): number {
  return server.heard
    .map((line) => /^UID FETCH (\S+) \(.*BODY\.PEEK\[\]/.exec(line)?.[1])
    .reduce((sum, set) => sum + (set === undefined ? 0 : parseUidSet(set).length), 0);
}

async function choose({ mailbox }: World, labels: LabelPolicy): Promise<void> {
  const { migrations } = mailbox.services.state;
  const migration = await migrations.get(mailbox.key.tenant, mailbox.migrationId);
  if (migration === undefined) throw new RangeError('The migration is gone.');
  await migrations.put({ ...migration, labels });
}

/** The messages of each folder that holds some, by subject. */
async function holdings({ mailbox }: World): Promise<Record<string, string[]>> {
  const snapshot = await mailbox.readDestination();
  const found = [...snapshot].map(([name, { messages }]): [string, string[]] => [
    name,
    messages.map(({ label }) => label).toSorted(),
  ]);
  return Object.fromEntries(found.filter(([, labels]) => labels.length > 0));
}

describe.each([
  { mode: 'UIDPLUS', server: {} },
  { mode: 'no extension', server: { capability: 'IMAP4rev1' } },
])('a copy for each label at a destination with $mode', ({ mode, server: dovecot }) => {
  let bench: SyncBench;
  const copies = mode === 'UIDPLUS';

  beforeAll(async () => {
    bench = await startSyncBench({ destination: dovecot });
  });
  afterAll(() => bench.stop());

  async function migrating(
    use: (world: World) => Promise<void>,
    options: { policy?: LabelPolicy; lanes?: number } = {},
  ): Promise<void> {
    await withResource(startProviderServer(gmailScript()), async (server) => {
      await withResource(startRefusingProxy(bench.destination), async (proxy) => {
        const account = server.addUser('bob', 'secret');
        const mailbox = await bench.mailbox({
          sourceServer: server.end('bob'),
          destinationPort: proxy.port,
          lanes: options.lanes ?? 2,
        });
        const world = { mailbox, account, server, proxy };
        await choose(world, options.policy ?? EACH);
        await use(world);
      });
    });
  }

  async function expectSynced(world: World, expected: object = HOLDINGS): Promise<void> {
    const { status, totals } = await world.mailbox.record();
    expect({ status, ...totals }).toMatchObject({ status: 'synced', pending: 0, failed: 0 });
    expect(await holdings(world)).toEqual(expected);
    await world.mailbox.expectBooks();
  }

  /** All but `count` skipped messages, which count with another label, are at the destination. */
  async function expectUnderOtherLabel({ mailbox }: World, count: number): Promise<void> {
    const { copied, adopted, listed, skipped, underOtherLabel } = (await mailbox.record()).totals;
    expect({ skipped, underOtherLabel }).toEqual({ skipped: count, underOtherLabel: count });
    expect(copied + adopted).toBe(listed - count);
  }

  test('is made by the destination, of what was downloaded once', async () => {
    await migrating(async (world) => {
      fill(world.account);
      await world.mailbox.start();
      await expectSynced(world);
      // All Mail gets no copies.
      await expectUnderOtherLabel(world, 4);
      expect(bodiesAsked(world.server)).toBe(copies ? 5 : 9);
      const arrived = await world.mailbox.readDestination();
      for (const folder of ['INBOX', 'Home', 'Work']) {
        const twin = arrived.get(folder)?.messages.find(({ label }) => label === 'three');
        const home = arrived.get('Home')?.messages.find(({ label }) => label === 'three');
        expect(twin).toEqual({ ...home, uid: twin?.uid });
        expect(twin).toMatchObject({
          flags: ['$Phishing', '\\Flagged'],
          instant: Date.parse('2019-03-03T04:05:06-07:00'),
        });
      }
      const before = bodiesAsked(world.server);
      await world.mailbox.pass();
      await expectSynced(world);
      await expectUnderOtherLabel(world, 4);
      expect(bodiesAsked(world.server)).toBe(before);
    });
  });

  test('is made of new mail, and of mail that gets another label later', async () => {
    await migrating(async (world) => {
      fill(world.account);
      await world.mailbox.start();
      const before = bodiesAsked(world.server);
      deliver(world.account, 'new', ['INBOX', 'Work']);
      const archived = world.account.folder(ALL).entries.find(({ mail }) => mail.bytes.includes('archived'));
      if (archived !== undefined) world.account.create('Later').add(archived.mail);
      await world.mailbox.pass();
      await expectSynced(world, {
        ...HOLDINGS,
        INBOX: ['in', 'in-work', 'new', 'three'],
        Work: ['home-work', 'in-work', 'new', 'three'],
        Later: ['archived'],
      });
      await expectUnderOtherLabel(world, 5);
      expect(bodiesAsked(world.server)).toBe(before + (copies ? 1 : 3));
    });
  });

  test('follows when it is chosen later, but for what its user has deleted or moved', async () => {
    await migrating(
      async (world) => {
        fill(world.account);
        await world.mailbox.start();
        await expectSynced(world, ONCE);
        const before = bodiesAsked(world.server);
        await world.mailbox.destination((probe) => probe.remove(['Home'], [1]));
        await choose(world, EACH);
        await world.mailbox.pass();
        const after = {
          INBOX: ['in', 'in-work'],
          Home: ['home-work'],
          Work: ['home-work', 'in-work'],
          Archive: ['archived'],
        };
        await expectSynced(world, after);
        expect(bodiesAsked(world.server)).toBe(before + (copies ? 0 : 2));
        await choose(world, ONE);
        deliver(world.account, 'new', ['INBOX', 'Work']);
        await world.mailbox.pass();
        await world.mailbox.pass();
        await expectSynced(world, { ...after, Work: ['home-work', 'in-work', 'new'] });
      },
      { policy: ONE },
    );
  });

  test('is not made again where its user has deleted it, also when its label is renumbered', async () => {
    await migrating(async (world) => {
      fill(world.account);
      await world.mailbox.start();
      const work = (await world.mailbox.readDestination()).get('Work')?.messages ?? [];
      const three = work.find(({ label }) => label === 'three');
      await world.mailbox.destination((probe) => probe.remove(['Work'], [three?.uid ?? 0]));
      const { entries } = world.account.folder('Work');
      world.account.delete('Work');
      const renumbered = world.account.create('Work');
      for (const { mail } of entries.toReversed()) renumbered.add(mail);
      for (let pass = 0; pass < 2; pass += 1) {
        await world.mailbox.pass();
        await expectSynced(world, { ...HOLDINGS, Work: ['home-work', 'in-work'] });
      }
    });
  });

  test('is adopted where another tool has made it', async () => {
    await migrating(async (world) => {
      fill(world.account);
      const bytes = world.account.folder('Home').entries[0]?.mail.bytes ?? Buffer.alloc(0);
      await world.mailbox.destination(async (probe) => {
        await probe.createFolder(['Work']);
        await probe.append(['Work'], { bytes, internalDate: DATE });
      });
      await world.mailbox.start();
      await expectSynced(world);
      const work = (await world.mailbox.pages()).flatMap(({ entries }) => entries);
      expect(work.filter(({ state }) => state === 'adopted')).toHaveLength(1);
    });
  });

  test('waits for a message that is refused at first', async () => {
    await migrating(async (world) => {
      fill(world.account);
      const size = world.account.folder('Home').entries[0]?.mail.bytes.length ?? 0;
      world.proxy.judge = (line) =>
        new RegExp(`^APPEND .*\\{${size}\\+?\\}$`).test(line) ? 'NO [TOOBIG] Too large for me' : undefined;
      const { totals } = await world.mailbox.start();
      expect(totals).toMatchObject({ pending: 0, failed: 0 });
      expect(await holdings(world)).toEqual({
        INBOX: ['in', 'in-work'],
        Home: ['home-work'],
        Work: ['home-work', 'in-work'],
        Archive: ['archived'],
      });
      expect(await world.mailbox.items()).toMatchObject([{ folderPath: 'Home', subject: 'three' }]);
      world.proxy.judge = () => undefined;
      await retryItems(world.mailbox.services, [world.mailbox.key], [{ kind: 'matching' }]);
      await world.mailbox.deliver();
      await expectSynced(world);
      expect(await world.mailbox.items()).toEqual([]);
    });
  });

  test.each(['request', 'answer'] as const)(
    'is made once whatever write a lane dies at (%s lost)',
    async (lost) => {
      let deaths = 0;
      for (let write = lost === 'request' ? 1 : 2; ; write += 3) {
        let died = false;
        await migrating(
          async (world) => {
            fill(world.account);
            await world.mailbox.plan();
            const worker = dyingAtWrite(world.mailbox.worker(), write, lost);
            await world.mailbox.chunk(undefined, longBudget(), worker.services).catch(() => undefined);
            died = worker.died();
            world.mailbox.lapseLeases();
            await world.mailbox.deliver();
            await expectSynced(world);
          },
          { lanes: 1 },
        );
        if (!died) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(copies ? 3 : 1);
    },
  );

  if (!copies) return;

  test.each(['request', 'answer'] as const)(
    'is made once whatever request of the end of a pass a lane dies at (%s lost)',
    async (lost) => {
      let deaths = 0;
      for (let requests = lost === 'request' ? 0 : 4; ; requests += 9) {
        let died = false;
        await migrating(
          async (world) => {
            fill(world.account);
            await world.mailbox.plan();
            const { clients, services } = world.mailbox.worker();
            // From when the homes are copied on.
            const { pages } = services.state;
            let cut: ReturnType<typeof cutAfter> | undefined;
            const listAllPacked: typeof pages.listAllPacked = (key) => {
              cut ??= cutAfter(clients, requests, lost);
              return pages.listAllPacked(key);
            };
            const dying = { ...services, state: { ...services.state, pages: { ...pages, listAllPacked } } };
            await world.mailbox.chunk(undefined, longBudget(), dying).catch(() => undefined);
            died = cut?.happened() === true;
            world.mailbox.lapseLeases();
            await world.mailbox.deliver();
            await expectSynced(world);
          },
          { lanes: 1 },
        );
        if (!died) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(4);
    },
  );

  test.each([1, 2, 3])('is made once when the answer to COPY number %d is lost', async (which) => {
    await migrating(async (world) => {
      fill(world.account);
      let heard = 0;
      world.proxy.edit = (line) => {
        if (!/^\S+ OK \[COPYUID/.test(line)) return line;
        heard += 1;
        if (heard === which) world.proxy.cut();
        return line;
      };
      await world.mailbox.start();
      expect(heard).toBeGreaterThanOrEqual(which);
      await expectSynced(world);
      expect(bodiesAsked(world.server)).toBe(5);
    });
  });

  test('is found where the destination does not say which UID it has', async () => {
    await migrating(async (world) => {
      fill(world.account);
      let told = 0;
      world.proxy.edit = (line) => {
        if (!line.includes('[COPYUID')) return line;
        told += 1;
        return line.replace(/\[COPYUID [^\]]*\] /, '');
      };
      await world.mailbox.start();
      expect(told).toBeGreaterThan(0);
      await expectSynced(world);
      expect(bodiesAsked(world.server)).toBe(5);
    });
  });

  test('is fetched from the source where the destination refuses to copy', async () => {
    await migrating(async (world) => {
      fill(world.account);
      world.proxy.judge = (line) => (line.startsWith('UID COPY') ? 'NO Not here' : undefined);
      await world.mailbox.start();
      await expectSynced(world);
      expect(bodiesAsked(world.server)).toBe(9);
    });
  });

  test('waits for room where the destination is full', async () => {
    await migrating(async (world) => {
      fill(world.account);
      world.proxy.judge = (line) => (line.startsWith('UID COPY') ? 'NO [OVERQUOTA] Full' : undefined);
      expect(await world.mailbox.start()).toMatchObject({
        status: 'needs-attention',
        reason: { code: 'over-quota', side: 'destination' },
      });
      world.proxy.judge = () => undefined;
      await world.mailbox.start();
      await expectSynced(world);
      expect(bodiesAsked(world.server)).toBe(5);
    });
  });

  test('of many messages takes few commands, and each lane its share', async () => {
    await migrating(
      async (world) => {
        for (let index = 0; index < 700; index += 1) {
          deliver(world.account, `m${index}`, index % 7 === 0 ? ['INBOX'] : ['INBOX', 'Work', 'Home']);
        }
        let commands = 0;
        world.proxy.judge = (line) => {
          if (line.startsWith('UID COPY')) commands += 1;
          return undefined;
        };
        await world.mailbox.start();
        const { status, totals } = await world.mailbox.record();
        expect({ status, ...totals }).toMatchObject({
          status: 'synced',
          copied: 1_900,
          failed: 0,
          pending: 0,
        });
        expect(bodiesAsked(world.server)).toBe(700);
        expect(commands).toBeLessThan(40);
        await world.mailbox.expectBooks();
        const arrived = await holdings(world);
        for (const folder of ['INBOX', 'Work', 'Home']) {
          expect(new Set(arrived[folder]).size).toBe(folder === 'INBOX' ? 700 : 600);
          expect(arrived[folder]).toHaveLength(folder === 'INBOX' ? 700 : 600);
        }
      },
      { lanes: 4 },
    );
  });
});
