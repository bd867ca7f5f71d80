import fc from 'fast-check';
import { mailboxProgress } from '../../../shared/api/mailbox-progress.ts';
import type { Lane } from '../../../shared/state/lane-repository.ts';
import type { MailboxRecord } from '../../../shared/state/mailbox-record.ts';
import { mailboxRecord } from '../../support/mailbox-record-factory.ts';

const count = fc.nat(10_000);
const states = fc
  .record({
    pending: count,
    copied: count,
    adopted: count,
    cannot: count,
    underOtherLabel: count,
    failed: count,
  })
  .map(({ cannot, ...rest }) => ({ ...rest, skipped: cannot + rest.underOtherLabel }));

function lane(fields: Partial<Lane['progress']>, pass = 1, number = 0): Lane {
  const progress = {
    messages: 0,
    bytes: 0,
    copied: 0,
    adopted: 0,
    skipped: 0,
    underOtherLabel: 0,
    failed: 0,
    ...fields,
  };
  return { lane: number, owner: 'w', ownerEpoch: 'e', fence: 1, until: 1, stop: false, pass, progress };
}

function record(
  totals: Partial<MailboxRecord['totals']>,
  phase: 'copying' | 'idle' = 'copying',
): MailboxRecord {
  const zero = {
    listed: 0,
    pending: 0,
    copied: 0,
    adopted: 0,
    skipped: 0,
    underOtherLabel: 0,
    failed: 0,
    bytes: 0,
    folders: 1,
  };
  const pass = { number: 1, kind: 'initial', phase, trigger: 'start', startedAt: 0 } as const;
  return mailboxRecord({ tenant: 't', totals: { ...zero, ...totals }, pass });
}

describe('the progress of a mailbox', () => {
  test('always adds up to what is listed, whatever lanes report', () => {
    fc.assert(
      fc.property(states, fc.array(states), fc.nat(100_000), (tally, reports, now) => {
        const listed = tally.pending + tally.copied + tally.adopted + tally.skipped + tally.failed;
        const lanes = reports.map(({ pending: _pending, ...progress }, index) => lane(progress, 1, index));
        const { messages, secondsLeft } = mailboxProgress(record({ ...tally, listed }), lanes, now);
        const { done, pending, copied, adopted, skipped, underOtherLabel, failed } = messages;
        expect(copied + adopted + skipped + failed).toBe(done);
        expect(done + pending).toBe(listed);
        expect(underOtherLabel).toBeLessThanOrEqual(skipped);
        expect(Object.values(messages).every((value) => value >= 0)).toBe(true);
        expect(secondsLeft ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('tells rate and time left from what was done since the pass began', () => {
    const progress = mailboxProgress(
      record({ listed: 300, pending: 300 }),
      [lane({ copied: 100, bytes: 5000 })],
      10_000,
    );
    expect(progress).toMatchObject({
      messages: { done: 100, pending: 200 },
      bytes: { done: 5000, estimatedTotal: 15_000 },
      rate: { messagesPerSecond: 10, bytesPerSecond: 500 },
      secondsLeft: 20,
    });
  });

  test('tells what counts with another label, as tallied and as lanes found it since', () => {
    const tally = record({ listed: 20, pending: 10, skipped: 10, underOtherLabel: 6 });
    const found = lane({ skipped: 3, underOtherLabel: 2 });
    expect(mailboxProgress(tally, [found], 1000).messages).toMatchObject({ skipped: 13, underOtherLabel: 8 });
    // Copies for labels are looked at when all else is done: the tally has them as skipped already.
    const copying = [lane({ copied: 10, skipped: 3, underOtherLabel: 2 })];
    expect(mailboxProgress(tally, copying, 1000).messages).toMatchObject({ skipped: 10, underOtherLabel: 6 });
  });

  test('leaves out lanes of another pass, the planner, and all of them between passes', () => {
    const lanes = [lane({ copied: 5 }, 2), lane({ copied: 7 }, 1, -1)];
    expect(mailboxProgress(record({ listed: 10, pending: 10 }), lanes, 1000).messages.done).toBe(0);
    const idle = mailboxProgress(record({ listed: 10, copied: 10 }, 'idle'), [lane({ copied: 5 })], 1000);
    expect(idle.messages.done).toBe(10);
    expect(idle).not.toHaveProperty('rate');
  });
});
