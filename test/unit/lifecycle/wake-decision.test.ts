import fc from 'fast-check';
import { decideWake } from '../../../shared/lifecycle/wake-decision.ts';
import { MAILBOX_STATUSES } from '../../../shared/migration/mailbox-status.ts';
import type { Lane } from '../../../shared/state/lane-repository.ts';
import type { MailboxRecord } from '../../../shared/state/mailbox-record.ts';
import { mailboxRecord } from '../../support/mailbox-record-factory.ts';

const NOW = 1_000_000;

const records = fc
  .record({
    status: fc.constantFrom(...MAILBOX_STATUSES),
    phase: fc.constantFrom('idle', 'planning', 'copying'),
    dueAt: fc.integer({ min: NOW - 1000, max: NOW + 1000 }),
    throttledUntil: fc.integer({ min: NOW - 1000, max: NOW + 1000 }),
  })
  .map(({ status, phase, dueAt, throttledUntil }): MailboxRecord => {
    const pass = { number: 1, kind: 'initial', phase, trigger: 'start', startedAt: 1 } as const;
    const throttle = status === 'throttled' ? { throttledUntil } : {};
    return mailboxRecord({ tenant: 't', status, pass, dueAt, ...throttle });
  });

const lanes = fc.array(
  fc
    .record({ ownerEpoch: fc.constantFrom('ours', 'old'), until: fc.integer({ min: NOW - 5, max: NOW + 5 }) })
    .map(
      ({ ownerEpoch, until }): Lane => ({
        lane: 0,
        owner: 'w',
        ownerEpoch,
        fence: 1,
        until,
        stop: false,
        pass: 1,
        progress: { messages: 0, bytes: 0, copied: 0, adopted: 0, skipped: 0, underOtherLabel: 0, failed: 0 },
      }),
    ),
  { maxLength: 3 },
);

const contexts = fc.boolean().map((all) => ({ now: NOW, epoch: 'ours', all }));

/** Statuses in which nobody but an admin or a user moves the mailbox on. */
const RESTING = new Set(['stopped', 'failed', 'closed', 'needs-attention', 'waiting-for-user']);

describe('what the timer does with a mailbox', () => {
  test('never loses one that has work to do: it stays due, later than now', () => {
    fc.assert(
      fc.property(records, lanes, contexts, (record, live, context) => {
        const decision = decideWake(record, live, context);
        const after = decision.kind === 'leave' ? record : decision.record;
        const looked = decision.kind !== 'leave' && !RESTING.has(record.status);
        const from = looked ? NOW + 1 : -1;
        expect(RESTING.has(record.status) || (after.dueAt ?? -2) >= from).toBe(true);
      }),
    );
  });

  test('wakes nobody while somebody works, and nobody before the time', () => {
    fc.assert(
      fc.property(records, lanes, contexts, (record, live, context) => {
        const { kind } = decideWake(record, live, context);
        const working = live.some(({ ownerEpoch, until }) => ownerEpoch === 'ours' && until >= NOW);
        const early = (record.dueAt ?? 0) > NOW && !context.all;
        const throttled = record.status === 'throttled' && (record.throttledUntil ?? 0) > NOW;
        const mustNot = working || early || throttled || RESTING.has(record.status);
        expect(mustNot && (kind === 'plan' || kind === 'copy')).toBe(false);
      }),
    );
  });

  test('has nothing more to say when asked again at once', () => {
    fc.assert(
      fc.property(records, lanes, (record, live) => {
        const context = { now: NOW, epoch: 'ours', all: false };
        const first = decideWake(record, live, context);
        if (first.kind === 'leave') return;
        expect(decideWake(first.record, live, context)).toEqual({ kind: 'leave' });
      }),
    );
  });

  test('changes the status of none but a throttled mailbox', () => {
    fc.assert(
      fc.property(records, lanes, contexts, (record, live, context) => {
        const decision = decideWake(record, live, context);
        if (decision.kind === 'leave' || record.status === 'throttled') return;
        expect(decision.record.status).toBe(record.status);
      }),
    );
  });
});
