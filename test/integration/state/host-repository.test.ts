import type { HostRepository } from '../../../shared/state/host-repository.ts';
import type { HostKey } from '../../../shared/state/keys.ts';
import { loseFirstAnswer } from '../../support/cut-clients.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

const NOW = 1_000_000;
const LEASE_MS = 60_000;

let cloud: TestCloud;
let hosts: HostRepository;
let host: HostKey;

beforeAll(async () => {
  cloud = await startTestCloud();
  ({ hosts } = cloud.state());
});
afterAll(() => cloud.close());
beforeEach(() => {
  host = { tenant: cloud.tenant(), host: 'imap.example.org' };
});

type Claim = Parameters<HostRepository['takeSlot']>[1];

function claim(owner: string, fields: Partial<Claim> = {}): Claim {
  return { slots: 3, owner, ownerEpoch: 'epoch-1', now: NOW, leaseMs: LEASE_MS, random: 0.5, ...fields };
}

async function take(owner: string, fields: Partial<Claim> = {}) {
  const slot = await hosts.takeSlot(host, claim(owner, fields));
  if (slot === undefined) throw new RangeError(`${owner} got no slot`);
  return slot;
}

describe('the connections of a host', () => {
  test('are given out one by one, never more than there may be, and come back', async () => {
    const asked = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        hosts.takeSlot(host, claim(`w${n}`, { slots: 12, random: n / 30 })),
      ),
    );
    const slots = asked.filter((slot) => slot !== undefined);
    expect(new Set(slots.map(({ number }) => number)).size).toBe(slots.length);
    expect(slots.length).toBeLessThanOrEqual(12);
    for (let n = slots.length; n < 12; n += 1) await take(`late ${n}`, { slots: 12 });
    expect(await hosts.takeSlot(host, claim('one too many', { slots: 12 }))).toBeUndefined();
    const [first] = slots;
    if (first === undefined) throw new RangeError('Nobody got a slot.');
    await hosts.freeSlot(first);
    expect(await take('another', { slots: 12 })).toMatchObject({ number: first.number });
    await hosts.freeSlot(first); // is somebody else's now
    expect(await hosts.takeSlot(host, claim('one more', { slots: 12 }))).toBeUndefined();
  });

  test('come back from the dead: lapsed, or of another epoch', async () => {
    const slot = await take('a', { slots: 1 });
    expect(await hosts.takeSlot(host, claim('b', { slots: 1, now: NOW + LEASE_MS }))).toBeUndefined();
    expect(await hosts.renewSlot(slot, { now: NOW + 50_000, leaseMs: LEASE_MS })).toBe(true);
    expect(await hosts.takeSlot(host, claim('b', { slots: 1, now: NOW + LEASE_MS + 1 }))).toBeUndefined();
    await take('b', { slots: 1, now: NOW + 50_000 + LEASE_MS + 1 });
    expect(await hosts.renewSlot(slot, { now: NOW + 120_000, leaseMs: LEASE_MS })).toBe(false);
    await take('c', { slots: 1, ownerEpoch: 'epoch-2' });
  });

  test('are not given out while more are held than there may be now', async () => {
    const held = [await take('a'), await take('b'), await take('c')];
    const low = held.find(({ number }) => number === 0);
    if (low === undefined) throw new RangeError('Nobody has the first slot.');
    await hosts.freeSlot(low);
    expect(await hosts.takeSlot(host, claim('d', { slots: 2 }))).toBeUndefined();
    expect(await hosts.countSlots(host, claim('d'))).toBe(2);
  });

  test('are those of one tenant, however the name of the host is spelt', async () => {
    await take('a', { slots: 1 });
    const spelt = { ...host, host: 'IMAP.Example.org.' };
    expect(await hosts.takeSlot(spelt, claim('b', { slots: 1 }))).toBeUndefined();
    const theirs = { ...host, tenant: cloud.tenant() };
    expect(await hosts.takeSlot(theirs, claim('b', { slots: 1 }))).toBeDefined();
  });

  test('are taken once by a request whose answer is lost', async () => {
    const clients = cloud.clients();
    const { lost } = loseFirstAnswer(clients, 'PutItem');
    const shaky = cloud.state({ clients }).hosts;
    expect(await shaky.takeSlot(host, claim('a', { slots: 1 }))).toMatchObject({ number: 0 });
    expect(lost()).toBe(true);
  });
});

describe('who waits for a connection', () => {
  const wait = (mailboxId: string, since: number, until = NOW + 600_000) =>
    hosts.wait(host, mailboxId, { since, until });

  test('comes in the order of coming, each once', async () => {
    for (const [mailboxId, since] of [
      ['b', 2],
      ['a', 1],
      ['c', 3],
      ['a', 1],
    ] as const)
      await wait(mailboxId, since);
    expect(await hosts.isWaitedFor(host, NOW)).toBe(true);
    expect(await hosts.nextWaiter(host, NOW)).toEqual({ tenant: host.tenant, mailboxId: 'a' });
    const both = await Promise.all([hosts.nextWaiter(host, NOW), hosts.nextWaiter(host, NOW)]);
    expect(new Set(both.map((next) => next?.mailboxId))).toEqual(new Set(['b', 'c']));
    expect(await hosts.nextWaiter(host, NOW)).toBeUndefined();
    expect(await hosts.isWaitedFor(host, NOW)).toBe(false);
  });

  test('is passed over who has not said for long that it waits', async () => {
    for (let n = 0; n < 25; n += 1) await wait(`gone ${n}`, n, NOW - 1);
    await wait('still there', 100);
    expect(await hosts.nextWaiter(host, NOW)).toMatchObject({ mailboxId: 'still there' });
    expect(await hosts.nextWaiter(host, NOW)).toBeUndefined();
  });
});
