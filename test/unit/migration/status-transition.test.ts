import fc from 'fast-check';
import {
  MAILBOX_EVENT_TYPES,
  type MailboxEvent,
  type MailboxEventType,
} from '../../../shared/migration/mailbox-event.ts';
import { MAILBOX_STATUSES, type MailboxStatus } from '../../../shared/migration/mailbox-status.ts';
import { transition } from '../../../shared/migration/status-transition.ts';

function eventOf(type: MailboxEventType): MailboxEvent {
  switch (type) {
    case 'throttled':
      return { type, until: 1_700_000_000_000 };
    case 'attention':
    case 'fail':
      return { type, reason: 'internal' };
    default:
      return { type };
  }
}

/** The status after the events; refused ones are ignored, as callers do. */
function after(start: MailboxStatus, ...types: MailboxEventType[]): MailboxStatus {
  return types.reduce((status, type) => {
    const step = transition(status, eventOf(type));
    return step.ok ? step.status : status;
  }, start);
}

function refused(status: MailboxStatus, type: MailboxEventType): boolean {
  return !transition(status, eventOf(type)).ok;
}

const anyStatus = fc.constantFrom(...MAILBOX_STATUSES);
const anyEvents = fc.array(fc.constantFrom(...MAILBOX_EVENT_TYPES), { maxLength: 40 });

describe('the path of a mailbox', () => {
  test('a first copy goes from starting over queued and syncing to synced', () => {
    expect(after('starting', 'planned')).toBe('queued');
    expect(after('starting', 'planned', 'work-began')).toBe('syncing');
    expect(after('starting', 'planned', 'work-began', 'pass-finished')).toBe('synced');
  });

  test('a lane may begin before the planner has reported', () => {
    expect(after('starting', 'work-began', 'planned')).toBe('syncing');
  });

  test.each(['starting', 'queued', 'syncing'] as const)(
    'a pass that finds nothing to do finishes from %s',
    (status) => {
      expect(after(status, 'pass-finished')).toBe('synced');
    },
  );

  test('periodic passes do not leave synced', () => {
    expect(after('synced', 'planned', 'work-began', 'pass-finished', 'start')).toBe('synced');
  });

  test('a throttle ends in the queue', () => {
    expect(after('syncing', 'throttled', 'throttle-over')).toBe('queued');
    expect(after('synced', 'throttled', 'throttle-over')).toBe('queued');
  });

  test('a throttle that is over twice is over once', () => {
    expect(refused('queued', 'throttle-over')).toBe(true);
  });

  test.each(['stopped', 'needs-attention', 'failed', 'waiting-for-user', 'throttled'] as const)(
    'start from %s starts again',
    (status) => expect(after(status, 'start')).toBe('starting'),
  );

  test('a start while stopping is refused and says to wait until it is stopped', () => {
    const step = transition('stopping', { type: 'start' });
    expect(step.ok ? '' : step.error.message).toMatch(/wait until it is stopped/);
    expect(step.ok ? '' : step.error.code).toBe('invalid-transition');
  });

  test('a credential given wakes a mailbox that waits for it or complains, and leaves others as they are', () => {
    expect(after('waiting-for-user', 'credential-given')).toBe('starting');
    expect(after('needs-attention', 'credential-given')).toBe('starting');
    for (const status of [
      'starting',
      'queued',
      'syncing',
      'synced',
      'throttled',
      'stopping',
      'stopped',
      'failed',
    ] as const) {
      expect(transition(status, { type: 'credential-given' })).toEqual({ ok: true, status, changed: false });
    }
  });

  test.each(MAILBOX_STATUSES.filter((status) => !['stopped', 'closed'].includes(status)))(
    'stop and the end of all work lead from %s to stopped',
    (status) => {
      expect(after(status, 'stop')).toBe('stopping');
      expect(after(status, 'stop', 'work-ended')).toBe('stopped');
    },
  );

  test.each(MAILBOX_STATUSES)('%s can be closed', (status) => {
    expect(after(status, 'close')).toBe('closed');
  });
});

describe('late and doubled messages', () => {
  const ofWorkers = [
    'planned',
    'work-began',
    'pass-finished',
    'throttled',
    'attention',
    'work-ended',
  ] as const;

  test.each(['stopped', 'failed', 'closed'] as const)(
    'workers are refused once a mailbox is %s',
    (status) => {
      for (const type of ofWorkers) expect([type, refused(status, type)]).toEqual([type, true]);
    },
  );

  test('what workers report while stopping never leaves stopping, save that the work has ended', () => {
    const sequences = fc.array(
      fc.constantFrom(...MAILBOX_EVENT_TYPES.filter((t) => t !== 'work-ended' && t !== 'close')),
    );
    fc.assert(
      fc.property(sequences, (events) => {
        expect(after('stopping', ...events)).toBe('stopping');
      }),
    );
  });

  test('a wait or a complaint cannot put off a stop', () => {
    expect(refused('stopping', 'throttled')).toBe(true);
    expect(refused('stopping', 'attention')).toBe(true);
  });

  test('an allowed event that arrives twice in a row is as good as once', () => {
    const repeatable = MAILBOX_EVENT_TYPES.filter((type) => type !== 'credential-given');
    fc.assert(
      fc.property(anyStatus, fc.constantFrom(...repeatable), (status, type) => {
        const once = after(status, type);
        expect(after(once, type)).toBe(once);
      }),
    );
  });
});

describe('the machine as a whole', () => {
  test('no sequence of events throws or reaches a status that is not declared', () => {
    fc.assert(
      fc.property(anyStatus, anyEvents, (status, events) => {
        expect(MAILBOX_STATUSES).toContain(after(status, ...events));
      }),
    );
  });

  test('changed says exactly whether the status is another one', () => {
    fc.assert(
      fc.property(anyStatus, fc.constantFrom(...MAILBOX_EVENT_TYPES), (status, type) => {
        const step = transition(status, eventOf(type));
        expect(step.ok ? step.changed : step.error.status).toBe(step.ok ? step.status !== status : status);
      }),
    );
  });

  test('every status is reached from starting', () => {
    const reached = new Set<MailboxStatus>(['starting']);
    for (const status of reached) {
      for (const type of MAILBOX_EVENT_TYPES) reached.add(after(status, type));
    }
    expect([...reached].toSorted()).toEqual([...MAILBOX_STATUSES].toSorted());
  });

  test('every status but closed has a way to synced', () => {
    for (const status of MAILBOX_STATUSES.filter((other) => other !== 'closed')) {
      const reached = new Set<MailboxStatus>([status]);
      for (const step of reached) for (const type of MAILBOX_EVENT_TYPES) reached.add(after(step, type));
      expect([status, reached.has('synced')]).toEqual([status, true]);
    }
  });

  test('closed is the end', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        expect(after('closed', ...events)).toBe('closed');
      }),
    );
  });
});
