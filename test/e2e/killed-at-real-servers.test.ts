import { compareMailboxes } from '../support/compare-mailboxes.ts';
import { startCourier } from '../support/courier.ts';
import { startCyrus } from '../support/cyrus.ts';
import { startDovecot } from '../support/dovecot.ts';
import { fillMailbox } from '../support/fill-mailbox.ts';
import { describeResult } from '../support/mailhaul-process.ts';
import { mailCorpus, withoutKinds } from '../support/mail-corpus.ts';
import { snapshotMailbox } from '../support/mailbox-snapshot.ts';
import { mailboxMigration, MigrationRunError } from '../support/migration-run.ts';
import { printedSeed, seededRandom } from '../support/random.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { withResource } from '../support/with-resource.ts';

const KILLS = 3;
/** Without what Cyrus refuses; what it and Courier store in another form is among it. */
const corpus = withoutKinds(
  mailCorpus({
    seed: 19,
    messages: 220,
    largeMessageBytes: 1_000_000,
    folders: [['INBOX'], ['Über', 'blick']],
  }),
  'newest',
  'header without its end',
  'malformed header',
);

/** In small what killed-worker.test.ts does at length with Dovecot. */
describe.each([
  ['Courier', startCourier],
  ['Cyrus', startCyrus],
] as const)('a migration to %s whose process is killed with SIGKILL', (name, start) => {
  test('ends with every message exactly once', async () => {
    const random = seededRandom(printedSeed(`killed at ${name}`));
    await withResource(startDovecot({ users: { anna: 'a' } }), (source) =>
      withResource(start({ users: { 'bert@new.example': 'b' } }), async (destination) => {
        await fillMailbox(source.access('anna'), corpus);
        await withResource(startTcpProxy({ port: destination.tlsPort }), (proxy) =>
          withResource(
            mailboxMigration(
              { server: source, user: 'anna' },
              { server: { ...destination, tlsPort: proxy.port }, user: 'bert@new.example' },
            ),
            async (migration) => {
              for (let kill = 0; kill < KILLS; kill += 1) {
                const result = await withResource(migration.start(), async (running) => {
                  proxy.when('up', random.between(3_000, 500_000), () => running.kill('SIGKILL'));
                  const ended = await running.ended;
                  proxy.forget();
                  return ended;
                });
                if (result.signal === 'SIGKILL') continue;
                // All that was under way when the last one was killed has arrived, and that was all.
                if (kill > 0 && result.exitCode === 0) break;
                throw new MigrationRunError(describeResult(result));
              }
              expect(await migration.run()).toMatchObject({
                status: 'synced',
                messages: { listed: corpus.messageCount, skipped: 0, failed: 0 },
              });
              const compared = compareMailboxes(
                await snapshotMailbox(source.access('anna')),
                await snapshotMailbox(destination.access('bert@new.example')),
              );
              expect(compared.differences.filter(({ kind }) => kind !== 'altered')).toEqual([]);
              expect(compared.destinationMessages).toBe(corpus.messageCount);
              const again = await migration.run();
              expect(again.thisRun).toEqual({
                copied: 0,
                adopted: 0,
                skipped: 0,
                underOtherLabel: 0,
                failed: 0,
              });
            },
          ),
        );
      }),
    );
  }, 240_000);
});
