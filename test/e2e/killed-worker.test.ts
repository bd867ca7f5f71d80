import { APPEND_MODES } from '../support/append-modes.ts';
import { compareMailboxes } from '../support/compare-mailboxes.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { fillMailbox } from '../support/fill-mailbox.ts';
import { describeResult, type MailhaulResult } from '../support/mailhaul-process.ts';
import { mailCorpus } from '../support/mail-corpus.ts';
import { snapshotMailbox, type MailboxSnapshot } from '../support/mailbox-snapshot.ts';
import { mailboxMigration, MigrationRunError, type MailboxMigration } from '../support/migration-run.ts';
import { printedSeed, seededRandom, type Random } from '../support/random.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { withResource } from '../support/with-resource.ts';

const LONG = 360_000;
const DOUBLE_DELIVERY = { env: { MAILHAUL_DOUBLE_DELIVERY: 'true' } };

interface Scene {
  readonly migration: MailboxMigration;
  readonly toSource: TcpProxy;
  readonly toDestination: TcpProxy;
  /** What a killed process had sent to the destination arrives when its successor is at work. */
  readonly late: boolean;
  read(): Promise<MailboxSnapshot>;
}

/**
 * The process is killed when a random number of bytes has gone to the destination, or come from the source: any byte
 * may be the last one, from the first of the TLS handshake on.
 */
describe('a migration whose process is killed with SIGKILL', () => {
  let source: Dovecot;
  /** One for each way in which a destination takes messages. */
  let destinations: ReadonlyMap<string, Dovecot>;
  let expected: MailboxSnapshot;
  let totalBytes = 0;

  beforeAll(async () => {
    const starting = APPEND_MODES.map(
      async ({ mode, server }) => [mode, await startDovecot(server)] as const,
    );
    source = await startDovecot({ users: { anna: 'a' } });
    destinations = new Map(await Promise.all(starting));
    await fillMailbox(
      source.access('anna'),
      mailCorpus({ seed: 25, messages: 2_000, largeMessageBytes: 3 * 1024 * 1024 }),
    );
    expected = await snapshotMailbox(source.access('anna'));
    totalBytes = [...expected.values()]
      .flatMap(({ messages }) => messages)
      .reduce((sum, { size }) => sum + size, 0);
  }, LONG);
  afterAll(() => Promise.all([source, ...(destinations?.values() ?? [])].map((server) => server?.stop())));

  /** A fresh destination mailbox behind proxies. */
  async function withScene<T>(
    { user, mode = 'MULTIAPPEND', delayUpMs = 0 }: { user: string; mode?: string; delayUpMs?: number },
    act: (scene: Scene) => Promise<T>,
  ): Promise<T> {
    const destination = destinations.get(mode);
    if (destination === undefined) throw new RangeError(`No destination takes messages by ${mode}.`);
    await destination.addUser(user, 'b');
    const read = (): Promise<MailboxSnapshot> => snapshotMailbox(destination.access(user));
    return await withResource(startTcpProxy({ port: source.tlsPort }), (toSource) =>
      withResource(
        startTcpProxy({ port: destination.tlsPort }, delayUpMs > 0 ? { delayUpMs } : {}),
        (toDestination) =>
          withResource(
            mailboxMigration(
              { server: { ...source, tlsPort: toSource.port }, user: 'anna' },
              { server: { ...destination, tlsPort: toDestination.port }, user },
            ),
            (migration) => act({ migration, toSource, toDestination, late: delayUpMs > 0, read }),
          ),
      ),
    );
  }

  /** Starts the migration and kills it once, wherever the dice say; what it did before is its result. */
  async function killOnce(
    scene: Scene,
    random: Random,
    options: typeof DOUBLE_DELIVERY | undefined,
  ): Promise<MailhaulResult> {
    const [proxy, direction] =
      random.next() < 0.7 ? ([scene.toDestination, 'up'] as const) : ([scene.toSource, 'down'] as const);
    // mostly in the midst of the copy, at times within the first commands
    const most = random.next() < 0.2 ? 6_000 : totalBytes / 15;
    const bytes = random.between(1, Math.ceil(most));
    return await withResource(scene.migration.start(options), async (running) => {
      proxy.when(direction, bytes, () => {
        running.kill('SIGKILL');
        if (scene.late) scene.toDestination.delayUntilNextConnection();
      });
      const result = await running.ended;
      proxy.forget();
      return result;
    });
  }

  /** Kills the process so many times, then lets it finish. */
  async function survives(
    scene: Scene,
    options: { kills: number; seed: number; run?: typeof DOUBLE_DELIVERY },
  ): Promise<void> {
    const random = seededRandom(options.seed);
    let killed = 0;
    for (let attempt = 0; attempt < options.kills; attempt += 1) {
      const result = await killOnce(scene, random, options.run);
      if (result.signal === 'SIGKILL') killed += 1;
      // a run that came to its end before the dice's byte must have ended well
      else if (result.exitCode !== 0) throw new MigrationRunError(describeResult(result));
    }
    expect(killed).toBeGreaterThanOrEqual(Math.ceil(options.kills * 0.6));
    const last = await scene.migration.run(options.run);
    expect(last).toMatchObject({
      status: 'synced',
      messages: { listed: 2_000, skipped: 0, failed: 0 },
    });
    expect(last.messages.copied + last.messages.adopted).toBe(2_000);
    expect(compareMailboxes(expected, await scene.read()).report).toBe('equal: 2000 messages');
    const again = await scene.migration.run(options.run);
    expect(again.thisRun).toMatchObject({ copied: 0, adopted: 0, skipped: 0, failed: 0 });
    expect(compareMailboxes(expected, await scene.read()).report).toBe('equal: 2000 messages');
  }

  test(
    '25 times at random bytes ends with the same mail, nothing missing, doubled or altered',
    async () => {
      const seed = printedSeed('killed 25 times');
      await withScene({ user: 'killed@new.example' }, (scene) => survives(scene, { kills: 25, seed }));
      expect.hasAssertions();
    },
    LONG,
  );

  test(
    'leaves nothing doubled although what it had sent lands at the destination while its successor is at work',
    async () => {
      const seed = printedSeed('killed with mail under way');
      await withScene({ user: 'late@new.example', delayUpMs: 40 }, async (scene) => {
        await survives(scene, { kills: 8, seed });
        expect(scene.toDestination.bytesLate()).toBeGreaterThan(100_000);
      });
    },
    LONG,
  );

  test(
    'leaves nothing doubled although every queue message is delivered twice',
    async () => {
      const seed = printedSeed('killed with double delivery');
      await withScene({ user: 'twice@new.example' }, (scene) =>
        survives(scene, { kills: 8, seed, run: DOUBLE_DELIVERY }),
      );
      expect.hasAssertions();
    },
    LONG,
  );

  test.each(APPEND_MODES.map(({ mode }) => mode).filter((mode) => mode !== 'MULTIAPPEND'))(
    'ends with the same mail at a destination with %s, too',
    async (mode) => {
      const seed = printedSeed(`killed at a destination with ${mode}`);
      await withScene({ user: 'mode@new.example', mode }, (scene) => survives(scene, { kills: 5, seed }));
      expect.hasAssertions();
    },
    LONG,
  );
});

describe('a migration whose queue delivers every message twice', () => {
  test(
    'copies each message once',
    async () => {
      const { report, comparison } = await withResource(
        startDovecot({ users: { anna: 'a', 'bert@new.example': 'b' } }),
        async (server) => {
          const corpus = mailCorpus({ seed: 2, messages: 2_000, largeMessageBytes: 0 });
          await fillMailbox(server.access('anna'), corpus);
          const sides = [
            { server, user: 'anna' },
            { server, user: 'bert@new.example' },
          ] as const;
          return await withResource(mailboxMigration(...sides), async (migration) => ({
            report: await migration.run(DOUBLE_DELIVERY),
            comparison: compareMailboxes(
              await snapshotMailbox(server.access('anna')),
              await snapshotMailbox(server.access('bert@new.example')),
            ),
          }));
        },
      );
      expect(comparison.report).toBe('equal: 2000 messages');
      expect(report.messages).toMatchObject({
        listed: 2_000,
        copied: 2_000,
        adopted: 0,
        skipped: 0,
        failed: 0,
      });
    },
    LONG,
  );
});
