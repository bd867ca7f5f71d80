import fc from 'fast-check';
import { LedgerCorruptError, MigrationInputError } from '../../../shared/migration/errors.ts';
import { ITEM_REASONS } from '../../../shared/migration/item-reason.ts';
import type { LedgerEntry } from '../../../shared/migration/ledger-entry.ts';
import { decodeLedgerEntries, encodeLedgerEntries } from '../../../shared/migration/ledger-page-codec.ts';
import { ledgerPage as page } from '../../support/ledger-page-arbitrary.ts';

const MAX_UID = 2 ** 32 - 1;

/** A folder as it is copied: few gaps, sizes around 8 KB with a long tail, three combinations of flags. */
function typicalPage(count: number): LedgerEntry[] {
  let state = 42;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  let source = 81_234;
  let destination = 1_200_000;
  return Array.from({ length: count }, () => {
    source += random() < 0.8 ? 1 : 1 + Math.floor(random() * 60);
    destination += 1;
    const spread = Math.exp(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) * 1.6);
    const flags = [['\\Seen'], ['\\Seen', '\\Answered'], [], ['\\Seen', '$Forwarded', 'NonJunk']][
      Math.floor(random() * 4)
    ];
    return {
      uid: source,
      state: 'copied',
      destinationUid: destination,
      flags: flags ?? [],
      fingerprint: (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32)),
      size: Math.round(8000 * spread),
    };
  });
}

function decodeOrCorrupt(bytes: Uint8Array): LedgerEntry[] | undefined {
  try {
    return decodeLedgerEntries(bytes);
  } catch (error) {
    if (error instanceof LedgerCorruptError) return undefined;
    throw error;
  }
}

describe('round trip', () => {
  test('every page of entries comes back as it was', () => {
    fc.assert(
      fc.property(page, (entries) =>
        expect(decodeLedgerEntries(encodeLedgerEntries(entries))).toEqual(entries),
      ),
    );
  });

  test('a page may hold far more than a window', () => {
    const entries = typicalPage(5000);
    expect(decodeLedgerEntries(encodeLedgerEntries(entries))).toEqual(entries);
  });

  test('the first and the last UID there can be, in either direction at the destination', () => {
    const copied = { state: 'copied', flags: [], fingerprint: 2n ** 64n - 1n, size: 0 } as const;
    const entries: LedgerEntry[] = [
      { uid: 1, destinationUid: MAX_UID, ...copied },
      { uid: 2, destinationUid: 0, ...copied },
      { uid: MAX_UID, destinationUid: 1, ...copied },
    ];
    expect(decodeLedgerEntries(encodeLedgerEntries(entries))).toEqual(entries);
  });

  test('the same entries give the same bytes, also after a round trip', () => {
    fc.assert(
      fc.property(page, (entries) => {
        const bytes = encodeLedgerEntries(entries);
        expect(encodeLedgerEntries(decodeLedgerEntries(bytes))).toEqual(bytes);
      }),
      { numRuns: 50 },
    );
  });

  test('a page is read where it lies in a larger buffer', () => {
    const entries = typicalPage(3);
    const bytes = encodeLedgerEntries(entries);
    const buffer = new Uint8Array(bytes.length + 14);
    buffer.set(bytes, 7);
    expect(decodeLedgerEntries(buffer.subarray(7, 7 + bytes.length))).toEqual(entries);
  });
});

test('a typical copied message takes at most 15 bytes, a pending one about two', () => {
  expect(encodeLedgerEntries(typicalPage(500)).length / 500).toBeLessThanOrEqual(15);
  const pending = typicalPage(500).map(({ uid }): LedgerEntry => ({ uid, state: 'pending', attempts: 0 }));
  expect(encodeLedgerEntries(pending).length / 500).toBeLessThanOrEqual(2.1);
});

test('a copied message with a widely scattered destination and a large size still takes at most 20 bytes', () => {
  const entries = typicalPage(500).map((item, index) =>
    item.state === 'copied'
      ? { ...item, destinationUid: 1 + ((index * 7_919_113) % 400_000_000), size: 30_000_000 }
      : item,
  );
  expect(encodeLedgerEntries(entries).length / 500).toBeLessThanOrEqual(20);
});

test('stored pages stay readable: the bytes of version 1 do not change', () => {
  const entries: LedgerEntry[] = [
    { uid: 5, state: 'pending', attempts: 2 },
    {
      uid: 6,
      state: 'copied',
      destinationUid: 9,
      flags: ['\\Seen'],
      fingerprint: 0x0102030405060708n,
      size: 300,
    },
    { uid: 8, state: 'adopted', destinationUid: 0, flags: [], fingerprint: 1n, size: 1 },
    { uid: 9, state: 'failed', reason: 'unknown', attempts: 3, fingerprint: 0n, size: 2 },
  ];
  expect(Buffer.from(encodeLedgerEntries(entries)).toString('hex')).toBe(
    [
      '01',
      '01055c5365656e',
      '02010000',
      '04',
      '1004',
      '010012ac020102030405060708',
      '0e01010000000000000001',
    ].join('') + '4c0003020000000000000000',
  );
});

test('the stored numbers of the reasons never change', () => {
  expect(ITEM_REASONS.slice(0, 10)).toEqual([
    'vanished',
    'too-big',
    'refused',
    'line-too-long',
    'bad-flag',
    'eight-bit-header',
    'nul-byte',
    'over-quota',
    'source-unreadable',
    'unknown',
  ]);
});

describe('damage', () => {
  test('arbitrary bytes are entries or a LedgerCorruptError, nothing else', () => {
    const versioned = fc.uint8Array({ maxLength: 400 }).map((bytes) => Uint8Array.of(1, ...bytes));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), versioned), (bytes) => {
        const entries = decodeOrCorrupt(bytes) ?? [];
        expect(decodeLedgerEntries(encodeLedgerEntries(entries))).toEqual(entries);
      }),
      { numRuns: 3000 },
    );
  });

  test('a damaged byte gives entries in order or a LedgerCorruptError', () => {
    fc.assert(
      fc.property(page, fc.nat(), fc.integer({ min: 1, max: 255 }), (entries, position, damage) => {
        const bytes = encodeLedgerEntries(entries);
        const index = position % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ damage;
        const read = decodeOrCorrupt(bytes) ?? [];
        expect(read.every((item, at) => at === 0 || item.uid > (read[at - 1]?.uid ?? 0))).toBe(true);
      }),
    );
  });

  test('a page cut short or followed by anything is corrupt', () => {
    const bytes = encodeLedgerEntries(typicalPage(20));
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeLedgerEntries(bytes.subarray(0, length))).toThrow(LedgerCorruptError);
    }
    expect(() => decodeLedgerEntries(Uint8Array.of(...bytes, 0))).toThrow(/follows the last entry/);
  });

  test.each([
    ['another version', [2, 0, 0, 0]],
    ['a count of billions', [1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a dictionary of billions', [1, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a number without end', [1, ...Array.from({ length: 64 }, () => 0xff)]],
    ['a padded number', [1, 0x80, 0x00, 0, 0]],
    ['a flag that is not UTF-8', [1, 1, 1, 0xff, 0, 0]],
    ['a flag list of a flag unknown', [1, 0, 1, 1, 0, 0]],
    ['an unknown kind', [1, 0, 0, 1, 7, 0]],
    ['an unknown reason', [1, 0, 0, 1, 3 + 8 * 100, 0]],
    ['a UID above the last', [1, 0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a copied entry at destination UID 0', [1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])('%s is corrupt', (_, bytes) => {
    expect(() => decodeLedgerEntries(Uint8Array.from(bytes))).toThrow(LedgerCorruptError);
  });
});

describe('entries that no page can hold are refused', () => {
  const copied = { uid: 1, state: 'copied', destinationUid: 1, flags: [], fingerprint: 1n, size: 1 } as const;

  test.each<[string, LedgerEntry[]]>([
    ['out of order', [{ ...copied, uid: 2 }, copied]],
    ['the same UID twice', [copied, copied]],
    ['UID 0', [{ ...copied, uid: 0 }]],
    ['a UID of 33 bits', [{ ...copied, uid: MAX_UID + 1 }]],
    ['a negative destination UID', [{ ...copied, destinationUid: -1 }]],
    ['half a byte', [{ ...copied, size: 0.5 }]],
    ['a fingerprint of 65 bits', [{ ...copied, fingerprint: 2n ** 64n }]],
    ['a negative fingerprint', [{ ...copied, fingerprint: -1n }]],
    ['negative attempts', [{ uid: 1, state: 'pending', attempts: -1 }]],
  ])('%s', (_, entries) => {
    expect(() => encodeLedgerEntries(entries)).toThrow(MigrationInputError);
  });
});
