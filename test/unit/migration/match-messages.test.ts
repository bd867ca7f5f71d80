import fc from 'fast-check';
import { NO_FINGERPRINT } from '../../../shared/migration/fingerprint.ts';
import { matchMessages, type MessageIdentity } from '../../../shared/migration/match-messages.ts';

const exact = { sizesExact: true };

function message(uid: number, fingerprint: bigint, size = 100): MessageIdentity {
  return { uid, fingerprint, size };
}

/** Few fingerprints and sizes, so that twins and near twins abound. */
const messages = fc
  .array(fc.record({ fingerprint: fc.bigInt({ min: 0n, max: 5n }), size: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 25,
  })
  .chain((list) =>
    fc
      .uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: list.length, maxLength: list.length })
      .map((uids) => list.map((item, index): MessageIdentity => ({ ...item, uid: uids[index] ?? 0 }))),
  );
const options = fc.record({ sizesExact: fc.boolean() });

test('a message is found by fingerprint and size, wherever it lies', () => {
  expect(matchMessages([message(1, 7n), message(2, 8n)], [message(50, 8n), message(51, 7n)], exact)).toEqual({
    pairs: [
      { uid: 1, destinationUid: 51 },
      { uid: 2, destinationUid: 50 },
    ],
    ambiguous: [],
    unmatched: [],
  });
});

test('what is not there is unmatched', () => {
  expect(matchMessages([message(1, 7n), message(2, 8n)], [message(50, 9n)], exact).unmatched).toEqual([1, 2]);
});

test('twins are left to their bytes, even if only one of them has arrived', () => {
  const sources = [message(1, 7n), message(2, 7n)];
  const candidates = [message(50, 7n)];
  expect(matchMessages(sources, candidates, exact)).toEqual({
    pairs: [],
    ambiguous: [{ sources, candidates }],
    unmatched: [],
  });
});

test('one source with two candidates is left to its bytes', () => {
  expect(matchMessages([message(1, 7n)], [message(50, 7n), message(51, 7n)], exact).ambiguous).toHaveLength(
    1,
  );
});

test('the size tells messages with the same header apart', () => {
  const result = matchMessages(
    [message(1, 7n, 100), message(2, 7n, 200)],
    [message(50, 7n, 200), message(51, 7n, 100)],
    exact,
  );
  expect(result.pairs).toEqual([
    { uid: 1, destinationUid: 51 },
    { uid: 2, destinationUid: 50 },
  ]);
});

test('a server that reports other sizes is believed where the header is the only one', () => {
  expect(matchMessages([message(1, 7n, 100)], [message(50, 7n, 104)], exact).pairs).toEqual([
    { uid: 1, destinationUid: 50 },
  ]);
});

test('headers alike with sizes all unlike are left to their bytes, not taken for missing', () => {
  const sources = [message(1, 7n, 100), message(2, 7n, 200)];
  const candidates = [message(50, 7n, 104), message(51, 7n, 204)];
  expect(matchMessages(sources, candidates, exact).ambiguous).toEqual([{ sources, candidates }]);
});

test('sizes that are estimates are ignored', () => {
  const sources = [message(1, 7n, 100), message(2, 7n, 200), message(3, 8n, 1)];
  const candidates = [message(50, 7n, 100), message(51, 8n, 2)];
  expect(matchMessages(sources, candidates, { sizesExact: false })).toEqual({
    pairs: [{ uid: 3, destinationUid: 51 }],
    ambiguous: [{ sources: sources.slice(0, 2), candidates: candidates.slice(0, 1) }],
    unmatched: [],
  });
});

test('messages without an identifying header are never a pair without a look at their bytes', () => {
  const result = matchMessages([message(1, NO_FINGERPRINT)], [message(50, NO_FINGERPRINT)], exact);
  expect(result.pairs).toEqual([]);
  expect(result.ambiguous).toHaveLength(1);
});

test('a message that a server reports twice is one message', () => {
  expect(matchMessages([message(1, 7n)], [message(50, 7n), message(50, 7n)], exact).pairs).toEqual([
    { uid: 1, destinationUid: 50 },
  ]);
});

test('every source is in exactly one part of the result, every candidate in at most one', () => {
  fc.assert(
    fc.property(messages, messages, options, (sources, candidates, chosen) => {
      const { pairs, ambiguous, unmatched } = matchMessages(sources, candidates, chosen);
      const placed = [
        ...pairs.map((pair) => pair.uid),
        ...ambiguous.flatMap((group) => group.sources.map((source) => source.uid)),
        ...unmatched,
      ];
      const used = [
        ...pairs.map((pair) => pair.destinationUid),
        ...ambiguous.flatMap((group) => group.candidates.map((candidate) => candidate.uid)),
      ];
      expect(new Set(placed)).toEqual(new Set(sources.map((source) => source.uid)));
      expect(placed).toHaveLength(sources.length);
      expect(new Set(used).size).toBe(used.length);
      const known = new Set(candidates.map((candidate) => candidate.uid));
      expect(used.every((uid) => known.has(uid))).toBe(true);
    }),
  );
});

test('what is put together has the same fingerprint, and a group has both sides', () => {
  fc.assert(
    fc.property(messages, messages, options, (sources, candidates, chosen) => {
      const { pairs, ambiguous } = matchMessages(sources, candidates, chosen);
      for (const { uid, destinationUid } of pairs) {
        const source = sources.find((item) => item.uid === uid);
        expect(candidates.find((item) => item.uid === destinationUid)?.fingerprint).toBe(source?.fingerprint);
      }
      for (const group of ambiguous) {
        expect(group.sources.length * group.candidates.length).toBeGreaterThan(0);
        expect(new Set([...group.sources, ...group.candidates].map((item) => item.fingerprint)).size).toBe(1);
      }
    }),
  );
});

test('a source is unmatched only where every candidate of its fingerprint went to others', () => {
  fc.assert(
    fc.property(messages, messages, options, (sources, candidates, chosen) => {
      const { pairs, ambiguous, unmatched } = matchMessages(sources, candidates, chosen);
      const used = new Set([
        ...pairs.map((pair) => pair.destinationUid),
        ...ambiguous.flatMap((group) => group.candidates.map((candidate) => candidate.uid)),
      ]);
      const missing = new Set(
        sources.filter((item) => unmatched.includes(item.uid)).map((item) => item.fingerprint),
      );
      expect(candidates.filter((item) => missing.has(item.fingerprint) && !used.has(item.uid))).toEqual([]);
    }),
  );
});

test('twins that have all arrived stay as many as they were', () => {
  fc.assert(
    fc.property(messages, options, (sources, chosen) => {
      const copies = sources.map((source) => ({ ...source, uid: source.uid + 1000 }));
      const { pairs, ambiguous, unmatched } = matchMessages(sources, copies, chosen);
      expect(unmatched).toEqual([]);
      expect(ambiguous.every((group) => group.sources.length === group.candidates.length)).toBe(true);
      expect(pairs.length + ambiguous.reduce((sum, group) => sum + group.candidates.length, 0)).toBe(
        sources.length,
      );
    }),
  );
});

test('the order in which servers list does not matter', () => {
  fc.assert(
    fc.property(messages, messages, options, (sources, candidates, chosen) => {
      expect(matchMessages(sources.toReversed(), candidates.toReversed(), chosen)).toEqual(
        matchMessages(sources, candidates, chosen),
      );
    }),
  );
});
