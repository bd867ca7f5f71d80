import type { MailboxView } from '../../../cli/api/mailbox-view.ts';
import { isDone, watchMailboxes } from '../../../cli/migrate/watch-mailboxes.ts';
import { MAILBOX_STATUSES } from '../../../shared/migration/mailbox-status.ts';
import { mailboxView } from '../../support/mailbox-view.ts';

const SINCE = 1_000_000;
const finished = { number: 1, phase: 'idle', startedAt: SINCE + 1, finishedAt: SINCE + 2 } as const;
const clock = { now: () => SINCE + 10, monotonic: () => 0 };
const quiet = { show() {}, note() {}, close() {} };

describe('a mailbox is done', () => {
  test('when a pass that began in this run has ended', () => {
    expect(isDone({ status: 'synced', pass: finished }, SINCE)).toBe(true);
  });

  test.each([
    ['the pass began before this run', { ...finished, startedAt: SINCE - 1 }],
    ['the pass still copies', { ...finished, phase: 'copying' }],
    [
      'a new pass has begun and only an old one ended',
      { number: 2, phase: 'idle', startedAt: SINCE + 3, finishedAt: SINCE + 2 },
    ],
    ['no pass has ended', { number: 1, phase: 'idle', startedAt: SINCE + 1 }],
  ] as const)('not when it is Synced but %s', (_why, pass) => {
    expect(isDone({ status: 'synced', pass }, SINCE)).toBe(false);
  });

  test('when it waits for a person, and not while it waits for time', () => {
    const done = MAILBOX_STATUSES.filter((status) =>
      isDone({ status, pass: { ...finished, startedAt: 0 } }, SINCE),
    );
    expect(done).toEqual(['needs-attention', 'waiting-for-user', 'stopped', 'failed', 'closed']);
  });
});

describe('watching', () => {
  const never = () => new Promise<void>(() => undefined);
  const looks = (...steps: MailboxView[][]) => {
    let index = 0;
    return () => Promise.resolve(steps[Math.min(index++, steps.length - 1)] ?? []);
  };

  test('goes on until every mailbox is done and tells when each was', async () => {
    const working = mailboxView({ mailboxId: 'B', status: 'syncing' });
    const one = mailboxView({ mailboxId: 'A', status: 'synced', pass: finished });
    const two = mailboxView({ mailboxId: 'B', status: 'failed' });
    const list = looks([one, working], [one, working], [one, two]);
    const watched = await watchMailboxes({
      list,
      news: never,
      since: SINCE,
      untilDone: true,
      view: quiet,
      signal: new AbortController().signal,
      clock,
    });
    expect(watched.mailboxes).toEqual([one, two]);
    expect([...watched.doneAt.keys()]).toEqual(['A', 'B']);
  });

  test('ends on the signal, however much is left', async () => {
    const controller = new AbortController();
    const working = mailboxView({ status: 'throttled' });
    const list = () => {
      controller.abort();
      return Promise.resolve([working]);
    };
    const watched = await watchMailboxes({
      list,
      news: never,
      since: SINCE,
      untilDone: false,
      view: quiet,
      signal: controller.signal,
      clock,
    });
    expect(watched.mailboxes).toEqual([working]);
    expect(watched.doneAt.size).toBe(0);
  });

  test('looks again at once when there is news, also when it comes in the course of a look', async () => {
    const working = mailboxView({ mailboxId: 'A', status: 'syncing' });
    const done = mailboxView({ mailboxId: 'A', status: 'failed' });
    const open: AbortSignal[] = [];
    let tell: () => void = () => undefined;
    let looked = 0;
    const watched = await watchMailboxes({
      list: () => {
        looked += 1;
        tell();
        return Promise.resolve([looked < 400 ? working : done]);
      },
      news: (until) => {
        open.push(until);
        return new Promise((resolve) => {
          tell = resolve;
        });
      },
      since: SINCE,
      untilDone: true,
      view: quiet,
      signal: new AbortController().signal,
      clock,
    });
    // With its ordinary pauses it would take more than two minutes, which are the test's time limit.
    expect(watched.mailboxes).toEqual([done]);
    expect(open).toHaveLength(400);
    expect(open.every(({ aborted }) => aborted)).toBe(true);
  });
});
