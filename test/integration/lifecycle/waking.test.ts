import type { Context, SQSEvent } from 'aws-lambda';
import { createDeadLettersHandler } from '../../../functions/dead-letters/handler.ts';
import { createResyncTimerHandler } from '../../../functions/resync-timer/handler.ts';
import { recordDeadLetter } from '../../../shared/lifecycle/record-dead-letter.ts';
import { wakeDue } from '../../../shared/lifecycle/wake-due.ts';
import type { MailboxRecord } from '../../../shared/state/mailbox-record.ts';
import type { MigrationRecord } from '../../../shared/state/migration-repository.ts';
import { type LifecycleWorld, release, startLifecycleWorld } from '../../support/lifecycle-world.ts';

let world: LifecycleWorld;
let migration: MigrationRecord;

beforeAll(async () => {
  world = await startLifecycleWorld();
});

beforeEach(async () => {
  migration = await world.migration(world.tenant());
  world.sent();
});

afterEach(async () => {
  world.queuesAway = false;
  await world.letRest();
});

afterAll(() => world.close());

const WATCHDOG = 90_000;

function pass(fields: Partial<MailboxRecord['pass']> = {}): MailboxRecord['pass'] {
  return { number: 3, kind: 'incremental', phase: 'idle', trigger: 'start', startedAt: 1, ...fields };
}

describe('a tick of the timer', () => {
  test('asks for the periodic pass of a synced mailbox that is due, and looks again soon', async () => {
    const key = await world.mailbox(migration, { status: 'synced', pass: pass(), dueAt: world.now });
    const later = await world.mailbox(migration, { status: 'synced', pass: pass(), dueAt: world.now + 1 });
    expect(await wakeDue(world.services, { now: world.now })).toMatchObject({ seen: 1, woken: 1, failed: 0 });
    expect(await world.get(key)).toMatchObject({
      requestedPass: true,
      pass: { trigger: 'timer' },
      dueAt: world.now + WATCHDOG,
    });
    expect(world.sent()).toEqual({ passes: [{ v: 1, ...key, reason: 'due' }], chunks: [] });
    expect(await world.get(later)).toMatchObject({ dueAt: world.now + 1, version: 1 });
    // A second timer at the same moment finds nothing to do.
    expect(await wakeDue(world.services, { now: world.now })).toMatchObject({ woken: 0 });
  });

  test('wakes as many lanes as the mailbox may have when a pass copies and nobody is on it', async () => {
    const fields = {
      status: 'syncing',
      pass: pass({ phase: 'copying' }),
      laneLimit: 3,
      dueAt: world.now,
    } as const;
    const key = await world.mailbox(migration, fields);
    await wakeDue(world.services, { now: world.now });
    expect(world.sent()).toEqual({
      passes: [],
      chunks: [0, 1, 2].map((lane) => ({ v: 1, ...key, pass: 3, lane })),
    });
  });

  test('wakes as many lanes as the operator wants now, but one where the destination bears no more', async () => {
    const fields = {
      status: 'syncing',
      pass: pass({ phase: 'copying' }),
      laneLimit: 3,
      dueAt: world.now,
    } as const;
    const several = await world.mailbox(migration, fields);
    const single = await world.mailbox(migration, { ...fields, oneLane: true });
    const environment = { ...world.services.environment, lanes: 5 };
    await wakeDue({ ...world.services, environment }, { now: world.now });
    const woken = world.sent().chunks.map(({ mailboxId }) => mailboxId);
    expect(woken.filter((mailboxId) => mailboxId === several.mailboxId)).toHaveLength(5);
    expect(woken.filter((mailboxId) => mailboxId === single.mailboxId)).toHaveLength(1);
  });

  test('wakes nobody where somebody works, and looks again later', async () => {
    const planned = await world.mailbox(migration, {
      status: 'starting',
      pass: pass({ phase: 'planning' }),
      dueAt: world.now,
    });
    const copied = await world.mailbox(migration, {
      status: 'syncing',
      pass: pass({ phase: 'copying' }),
      dueAt: world.now,
    });
    const leases = [await world.lane(planned, { lanes: 'plan' }), await world.lane(copied)];
    expect(await wakeDue(world.services, { now: world.now })).toMatchObject({ seen: 2, woken: 0 });
    expect(world.sent()).toEqual({ passes: [], chunks: [] });

    world.now += WATCHDOG;
    for (const lease of leases) await release(world, lease);
    await wakeDue(world.services, { now: world.now });
    expect(world.sent()).toMatchObject({
      passes: [planned],
      chunks: Array.from({ length: 3 }, () => copied),
    });
  });

  test('takes a mailbox that is only starting to the planner, whatever its pass does', async () => {
    const key = await world.mailbox(migration, {
      status: 'starting',
      pass: pass({ phase: 'copying' }),
      dueAt: world.now,
    });
    await wakeDue(world.services, { now: world.now });
    expect(world.sent()).toMatchObject({ passes: [key], chunks: [] });
  });

  test('ends a throttle when its time has come, not before', async () => {
    const throttledUntil = world.now + 5000;
    const fields = { status: 'throttled', pass: pass({ phase: 'copying' }), throttledUntil } as const;
    const key = await world.mailbox(migration, { ...fields, dueAt: world.now });
    await wakeDue(world.services, { now: world.now });
    expect(await world.get(key)).toMatchObject({ status: 'throttled', dueAt: throttledUntil });
    expect(world.sent().chunks).toEqual([]);

    world.now = throttledUntil;
    await wakeDue(world.services, { now: world.now });
    expect(await world.get(key)).toMatchObject({ status: 'queued' });
    expect(await world.get(key)).not.toHaveProperty('throttledUntil');
    expect(world.sent().chunks).toHaveLength(3);
  });

  test('completes a stop whose worker has died', async () => {
    const key = await world.mailbox(migration, {
      status: 'stopping',
      pass: pass({ phase: 'copying' }),
      dueAt: world.now,
    });
    await world.lane(key);
    await wakeDue(world.services, { now: world.now });
    expect(await world.get(key)).toMatchObject({ status: 'stopping', dueAt: world.now + WATCHDOG });
    world.now += WATCHDOG;
    await wakeDue(world.services, { now: world.now });
    expect(await world.get(key)).toMatchObject({ status: 'stopped' });
    expect(await world.get(key)).not.toHaveProperty('dueAt');
  });

  test.each(['stopped', 'failed', 'needs-attention', 'waiting-for-user'] as const)(
    'lets a mailbox rest that is %s',
    async (status) => {
      const key = await world.mailbox(migration, { status, dueAt: world.now });
      await wakeDue(world.services, { now: world.now });
      expect(await world.get(key)).toMatchObject({ status });
      expect(await world.get(key)).not.toHaveProperty('dueAt');
      expect(world.sent()).toEqual({ passes: [], chunks: [] });
    },
  );

  test('sees to hundreds, and to each of them once', async () => {
    const keys = await Promise.all(
      Array.from({ length: 230 }, () => world.mailbox(migration, { status: 'queued', dueAt: world.now - 1 })),
    );
    expect(await wakeDue(world.services, { now: world.now })).toMatchObject({
      seen: 230,
      woken: 230,
      failed: 0,
    });
    expect(new Set(world.sent().passes.map(({ mailboxId }) => mailboxId)).size).toBe(keys.length);
  });

  test('whose wake-ups are lost is made good by a later one', async () => {
    const key = await world.mailbox(migration, { status: 'queued', dueAt: world.now });
    world.queuesAway = true;
    await wakeDue(world.services, { now: world.now });
    world.queuesAway = false;
    await wakeDue(world.services, { now: world.now + WATCHDOG });
    expect(world.sent().passes).toMatchObject([key]);
  });

  test('is not held up by one mailbox that cannot be seen to', async () => {
    const bad = await world.mailbox(migration, { status: 'queued', dueAt: world.now });
    const good = await world.mailbox(migration, { status: 'queued', dueAt: world.now });
    const { state } = world.services;
    const mailboxes: typeof state.mailboxes = {
      ...state.mailboxes,
      get: (tenant, mailboxId) =>
        mailboxId === bad.mailboxId
          ? Promise.reject(new Error('corrupt'))
          : state.mailboxes.get(tenant, mailboxId),
    };
    const services = { ...world.services, state: { ...state, mailboxes } };
    expect(await wakeDue(services, { now: world.now })).toMatchObject({ seen: 2, woken: 1, failed: 1 });
    expect(world.sent().passes).toMatchObject([good]);
  });

  test('at the start of one machine wakes all that is pending, due or not, and lets the others wait', async () => {
    const dueAt = world.now + 50_000;
    const pending = await world.mailbox(migration, {
      status: 'syncing',
      pass: pass({ phase: 'copying' }),
      dueAt,
    });
    await world.lane(pending, { ownerEpoch: 'the process before' });
    const resting = await world.mailbox(migration, { status: 'synced', pass: pass(), dueAt });
    const throttled = await world.mailbox(migration, { status: 'throttled', throttledUntil: dueAt, dueAt });
    await wakeDue(world.services, { now: world.now, all: true });
    expect(new Set(world.sent().chunks.map(({ mailboxId }) => mailboxId))).toEqual(
      new Set([pending.mailboxId]),
    );
    expect(await world.get(resting)).toMatchObject({ dueAt, version: 1 });
    expect(await world.get(throttled)).toMatchObject({ status: 'throttled', dueAt });
  });
});

describe('a dead letter', () => {
  test('shows at its mailbox, which then rests until an admin starts it', async () => {
    const key = await world.mailbox(migration, {
      status: 'starting',
      pass: pass({ phase: 'planning' }),
      dueAt: world.now,
    });
    expect(await recordDeadLetter(world.services, { ...key, queue: 'passes' })).toBe('needs-attention');
    expect(await world.get(key)).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'dead-letter' },
    });
    expect(await world.get(key)).not.toHaveProperty('dueAt');
    const { items } = await world.services.state.events.list(key, { limit: 5 });
    expect(items).toMatchObject([{ type: 'dead-letter', data: { queue: 'passes' } }]);
  });

  test.each([
    [
      'of a pass that is over',
      { status: 'syncing', pass: pass({ phase: 'copying', number: 4 }) },
      { queue: 'chunks', pass: 3 },
    ],
    ['of chunks when nothing is copied', { status: 'synced', pass: pass() }, { queue: 'chunks', pass: 3 }],
    [
      'of a plan that was made since',
      { status: 'syncing', pass: pass({ phase: 'copying' }) },
      { queue: 'passes' },
    ],
    [
      'of a mailbox that is stopped',
      { status: 'stopped', pass: pass({ phase: 'copying' }) },
      { queue: 'chunks', pass: 3 },
    ],
  ] as const)('%s is outdated and changes nothing', async (_name, fields, letter) => {
    const key = await world.mailbox(migration, fields);
    expect(await recordDeadLetter(world.services, { ...key, ...letter })).toBe('outdated');
    expect(await world.get(key)).toMatchObject({ status: fields.status, version: 1 });
  });

  test('is outdated while somebody works on the mailbox', async () => {
    const key = await world.mailbox(migration, { status: 'syncing', pass: pass({ phase: 'copying' }) });
    await world.lane(key);
    expect(await recordDeadLetter(world.services, { ...key, queue: 'chunks', pass: 3 })).toBe('outdated');
  });

  test('comes through its function, which drops what nobody can read', async () => {
    const key = await world.mailbox(migration, { status: 'syncing', pass: pass({ phase: 'copying' }) });
    const bodies = [
      JSON.stringify({ v: 1, ...key, pass: 3 }),
      'not json',
      JSON.stringify({ v: 1, tenant: 't', mailboxId: 'm', reason: 'due' }),
    ];
    const handler = createDeadLettersHandler({ ...process.env, MAILHAUL_LOG_LEVEL: 'SILENT' });
    const answer = await handler(sqsEvent(bodies), lambdaContext());
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await world.get(key)).toMatchObject({ status: 'needs-attention' });
  });
});

test('the timer’s function wakes by the clock of the machine', async () => {
  const key = await world.mailbox(migration, { status: 'stopping', dueAt: 1 });
  const handler = createResyncTimerHandler({ ...process.env, MAILHAUL_LOG_LEVEL: 'SILENT' });
  const event = { id: 'e', version: '0', account: '0', time: '', region: '', resources: [], source: '' };
  await handler({ ...event, 'detail-type': 'Scheduled Event', detail: {} }, lambdaContext());
  expect(await world.get(key)).toMatchObject({ status: 'stopped' });
});

/** What the functions ask of Lambda's context. */
function lambdaContext(): Context {
  return { getRemainingTimeInMillis: () => 30_000 } as Context;
}

function sqsEvent(bodies: readonly string[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m${index}`,
      receiptHandle: `r${index}`,
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: 's',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:dead',
      awsRegion: 'us-east-1',
    })),
  };
}
