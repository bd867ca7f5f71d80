import { retryItems } from '../../../shared/lifecycle/retry-items.ts';
import type { RetryWish } from '../../../shared/migration/retry-wish.ts';
import { cutAfter } from '../../support/cut-clients.ts';
import { dyingAtWrite } from '../../support/dying-at-write.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import { type RefusingProxy, startRefusingProxy } from '../../support/refusing-proxy.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

const INBOX = ['INBOX'];
const ALL: RetryWish = { kind: 'matching' };
const REFUSED = 'NO I do not like it';
const TOO_BIG = 'NO [TOOBIG] Message too large';

describe('messages that were not copied', () => {
  let bench: SyncBench;
  let proxy: RefusingProxy;
  /** What the destination answers to messages of these sizes. */
  const answers = new Map<number, string>();

  beforeAll(async () => {
    bench = await startSyncBench();
    proxy = await startRefusingProxy(bench.destination);
    proxy.judge = (line) => answers.get(Number(/^APPEND .*\{(\d+)\+?\}$/.exec(line)?.[1]));
  });
  beforeEach(() => answers.clear());
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await bench.stop();
  });

  /** A message that the proxy knows by its size. */
  function mail(name: string, size: number, answer?: string): { bytes: string } {
    if (answer !== undefined) answers.set(size, answer);
    const head = `Message-ID: <${name}@example.com>\r\nFrom: ann@example.com\r\nSubject: ${name}\r\n\r\n`;
    return { bytes: `${head}${'x'.repeat(size - head.length - 2)}\r\n` };
  }

  /** Four messages in the inbox and three in another folder, of which some are refused. */
  async function withFailures(): Promise<MailboxBench> {
    const mailbox = await bench.mailbox({ destinationPort: proxy.port, lanes: 2 });
    await mailbox.source(async (probe) => {
      await probe.createFolder(['Work']);
      await probe.append(INBOX, mail('m1', 201));
      await probe.append(INBOX, mail('odd1', 301, REFUSED));
      await probe.append(INBOX, mail('huge', 401, TOO_BIG));
      await probe.append(INBOX, mail('odd2', 302, REFUSED));
      await probe.append(['Work'], mail('w1', 202));
      await probe.append(['Work'], mail('odd3', 303, REFUSED));
      await probe.append(['Work'], mail('w2', 203));
    });
    const { status, totals } = await mailbox.start();
    expect({ status, ...totals }).toMatchObject({ status: 'synced', copied: 3, failed: 3, skipped: 1 });
    return mailbox;
  }

  async function ask(mailbox: MailboxBench, ...wishes: RetryWish[]): Promise<void> {
    const [outcome] = await retryItems(mailbox.services, [mailbox.key], wishes);
    expect(outcome).toMatchObject({ ok: true, changed: true });
  }

  async function subjects(mailbox: MailboxBench): Promise<string[]> {
    return (await mailbox.items()).map(({ subject = '' }) => subject).toSorted();
  }

  async function attemptsOf(mailbox: MailboxBench): Promise<number[]> {
    return (await mailbox.items()).map(({ attempts }) => attempts).toSorted((a, b) => a - b);
  }

  async function expectAllCopied(mailbox: MailboxBench): Promise<void> {
    const { status, totals } = await mailbox.record();
    expect({ status, ...totals }).toMatchObject({ status: 'synced', copied: 7, failed: 0, skipped: 0 });
    expect(await mailbox.items()).toEqual([]);
    expect(await mailbox.services.state.retries.list(mailbox.key)).toEqual([]);
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  }

  test('are all tried again once somebody asks, and leave the report when they are copied', async () => {
    const mailbox = await withFailures();
    for (let pass = 0; pass < 3; pass += 1) await mailbox.pass();
    answers.clear();
    expect((await mailbox.pass()).totals).toMatchObject({ copied: 3, failed: 3, skipped: 1 });
    await ask(mailbox, ALL);
    await ask(mailbox, ALL);
    await mailbox.deliver();
    await expectAllCopied(mailbox);
    expect((await mailbox.record()).retryAsked).toBeUndefined();
    const { items: events } = await mailbox.services.state.events.list(mailbox.key, { limit: 50 });
    expect(events.filter(({ type }) => type === 'retry-planned')).toMatchObject([{ data: { messages: 4 } }]);
  });

  test('are tried three times more when they fail again, and say why anew', async () => {
    const mailbox = await withFailures();
    for (let pass = 0; pass < 3; pass += 1) await mailbox.pass();
    expect(await attemptsOf(mailbox)).toEqual([1, 3, 3, 3]);
    for (const size of [301, 302, 303]) answers.set(size, 'NO Something else');
    await ask(mailbox, ALL);
    const attempts: number[][] = [];
    await mailbox.deliver();
    for (let pass = 0; pass < 4; pass += 1) {
      attempts.push(await attemptsOf(mailbox));
      await mailbox.pass();
    }
    expect(attempts).toEqual([
      [4, 4, 4, 4],
      [4, 5, 5, 5],
      [4, 6, 6, 6],
      [4, 6, 6, 6],
    ]);
    expect(await mailbox.items()).toEqual(
      expect.arrayContaining([expect.objectContaining({ subject: 'odd1', serverText: 'Something else' })]),
    );
    await mailbox.expectBooks();
  });

  test('are tried again one by one, or by what they have in common', async () => {
    const mailbox = await withFailures();
    for (let pass = 0; pass < 3; pass += 1) await mailbox.pass();
    answers.clear();
    const [one] = (await mailbox.items()).filter(({ subject }) => subject === 'odd2');
    await ask(mailbox, { kind: 'messages', folderId: one?.folderId ?? '', uids: [one?.uid ?? 0] });
    await mailbox.deliver();
    expect(await subjects(mailbox)).toEqual(['huge', 'odd1', 'odd3']);
    await ask(mailbox, { kind: 'matching', reason: 'too-big' });
    await mailbox.deliver();
    expect(await subjects(mailbox)).toEqual(['odd1', 'odd3']);
    await ask(mailbox, { kind: 'matching', folderId: one?.folderId ?? '', state: 'failed' });
    await mailbox.deliver();
    expect(await subjects(mailbox)).toEqual(['odd3']);
    await ask(mailbox, ALL);
    await mailbox.deliver();
    await expectAllCopied(mailbox);
  });

  test('need nothing where nothing fits: no pass begins', async () => {
    const mailbox = await withFailures();
    const { pass } = await mailbox.record();
    const wish: RetryWish = { kind: 'matching', reason: 'over-quota' };
    expect(await retryItems(mailbox.services, [mailbox.key], [wish])).toMatchObject([
      { ok: true, changed: false },
    ]);
    await mailbox.deliver();
    expect((await mailbox.record()).pass.number).toBe(pass.number);
  });

  test('that are asked for while lanes are at work wait for the pass after', async () => {
    const mailbox = await withFailures();
    for (let pass = 0; pass < 3; pass += 1) await mailbox.pass();
    await mailbox.source(async (probe) => {
      for (let index = 0; index < 5; index += 1) {
        await probe.append(INBOX, mail(`late${index}`, 500 + index, index === 3 ? REFUSED : undefined));
      }
    });
    let asked: Promise<void> | undefined;
    const judge = proxy.judge;
    proxy.judge = (line) => {
      if (/\{502\+?\}$/.test(line)) asked ??= ask(mailbox, ALL).then(() => answers.clear());
      return judge(line);
    };
    await mailbox.pass();
    proxy.judge = judge;
    expect(asked).toBeDefined();
    await asked;
    await mailbox.deliver();
    const { status, totals } = await mailbox.record();
    expect({ status, ...totals }).toMatchObject({ status: 'synced', copied: 12, failed: 0, skipped: 0 });
    expect(await mailbox.items()).toEqual([]);
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('never bring back what the user deleted or moved', async () => {
    const mailbox = await withFailures();
    await mailbox.destination((probe) => probe.remove(INBOX, [1]));
    await mailbox.destination((probe) => probe.move(['Work'], [1], INBOX));
    answers.clear();
    await ask(mailbox, ALL);
    await mailbox.deliver();
    const arrived = await mailbox.readDestination();
    const labels = (folder: string) => arrived.get(folder)?.messages.map(({ label }) => label) ?? [];
    expect(labels('INBOX').toSorted()).toEqual(['huge', 'odd1', 'odd2', 'w1']);
    expect(labels('Work').toSorted()).toEqual(['odd3', 'w2']);
    await mailbox.expectBooks();
  });

  test('stay on the report where their folder is gone or they are', async () => {
    const mailbox = await withFailures();
    await mailbox.source(async (probe) => {
      await probe.deleteFolder(['Work']);
      await probe.remove(INBOX, [2]);
    });
    answers.clear();
    await ask(mailbox, ALL);
    await mailbox.deliver();
    expect(
      (await mailbox.items()).toSorted((a, b) => a.folderPath.localeCompare(b.folderPath)),
    ).toMatchObject([
      { uid: 2, reason: 'vanished', state: 'skipped' },
      { folderPath: 'Work', uid: 2, reason: 'refused', state: 'failed' },
    ]);
    expect(await mailbox.services.state.retries.list(mailbox.key)).toEqual([]);
    expect((await mailbox.record()).status).toBe('synced');
  });

  test('are tried again after their folder was renumbered', async () => {
    const mailbox = await withFailures();
    await bench.source.doveadm(
      'mailbox',
      'update',
      '--uid-validity',
      '77777',
      '-u',
      mailbox.access.source.user,
      'Work',
    );
    answers.clear();
    await ask(mailbox, ALL);
    await mailbox.deliver();
    await expectAllCopied(mailbox);
  });

  test.each(['request', 'answer'] as const)(
    'are tried again whenever a planner dies (%s lost)',
    async (lost) => {
      let deaths = 0;
      for (let requests = lost === 'request' ? 4 : 5; ; requests += 2) {
        const mailbox = await withFailures();
        // Else the pages are on the list of those that are tried again in any case.
        for (let pass = 0; pass < 2; pass += 1) await mailbox.pass();
        answers.clear();
        await ask(mailbox, ALL);
        const { clients, services } = mailbox.worker();
        const cut = cutAfter(clients, requests, lost);
        await mailbox.plan('request', longBudget(), services).catch(() => undefined);
        mailbox.lapseLeases();
        const died = cut.happened();
        await mailbox.plan('request');
        await mailbox.deliver();
        await expectAllCopied(mailbox);
        if (!died) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(4);
    },
  );

  test('that are asked for while a pass is planned are seen to by the next one', async () => {
    const mailbox = await withFailures();
    for (let pass = 0; pass < 3; pass += 1) await mailbox.pass();
    answers.clear();
    await ask(mailbox, { kind: 'matching', reason: 'too-big' });
    const { services } = mailbox;
    const { retries } = services.state;
    const list: typeof retries.list = async (key) => {
      const found = await retries.list(key);
      await ask(mailbox, ALL);
      return found;
    };
    const planner = { ...services, state: { ...services.state, retries: { ...retries, list } } };
    await mailbox.plan('request', longBudget(), planner);
    expect(await retries.list(mailbox.key)).toMatchObject([{ wish: ALL }]);
    await mailbox.deliver();
    await expectAllCopied(mailbox);
  });

  test.each([
    [1, 'request'],
    [1, 'answer'],
    [2, 'request'],
    [2, 'answer'],
    [3, 'request'],
    [3, 'answer'],
  ] as const)('are copied once when a lane dies at write %d (%s lost)', async (write, lost) => {
    const mailbox = await withFailures();
    answers.clear();
    await ask(mailbox, ALL);
    await mailbox.plan('request');
    const worker = dyingAtWrite(mailbox.worker(), write, lost);
    await mailbox.chunk(undefined, longBudget(), worker.services).catch(() => undefined);
    expect(worker.died()).toBe(true);
    mailbox.lapseLeases();
    await mailbox.deliver();
    await expectAllCopied(mailbox);
  });

  test.each(['request', 'answer'] as const)(
    'leave the report also when a lane dies just as it takes them off (%s lost)',
    async (lost) => {
      const mailbox = await withFailures();
      answers.clear();
      await ask(mailbox, ALL);
      await mailbox.plan('request');
      const { clients, services } = mailbox.worker();
      const { items } = services.state;
      let died = false;
      const removeAll: typeof items.removeAll = async (key, folderId, uids) => {
        if (uids.length > 0 && !died) {
          died = true;
          cutAfter(clients, 0, lost);
        }
        await items.removeAll(key, folderId, uids);
      };
      const dying = { ...services, state: { ...services.state, items: { ...items, removeAll } } };
      await mailbox.chunk(undefined, longBudget(), dying).catch(() => undefined);
      expect(died).toBe(true);
      mailbox.lapseLeases();
      await mailbox.deliver();
      await expectAllCopied(mailbox);
    },
  );

  test('are asked for with one request, however many they are', async () => {
    const mailbox = await withFailures();
    const uids = Array.from({ length: 5_000 }, (_, index) => index + 1);
    const [one] = await mailbox.items();
    const { clients, services } = mailbox.worker();
    const cut = cutAfter(clients, Number.POSITIVE_INFINITY, 'request');
    await retryItems(services, [mailbox.key], [{ kind: 'messages', folderId: one?.folderId ?? '', uids }]);
    expect(cut.sent()).toBeLessThan(8);
    answers.clear();
    await mailbox.deliver();
    await ask(mailbox, ALL);
    await mailbox.deliver();
    await expectAllCopied(mailbox);
  });
});
