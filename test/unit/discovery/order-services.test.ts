import fc from 'fast-check';
import type { ServiceRecord } from '../../../shared/imap/discovery/dns-records.ts';
import { orderServices } from '../../../shared/imap/discovery/order-services.ts';

const record = (target: string, priority: number, weight: number): ServiceRecord => ({
  target,
  priority,
  weight,
  port: 993,
});

describe('the order of service records', () => {
  test('is that of their priorities first', () => {
    const records = [record('c', 20, 100), record('a', 0, 1), record('b', 10, 1)];
    expect(orderServices(records, () => 0.5).map(({ target }) => target)).toEqual(['a', 'b', 'c']);
  });

  test('is drawn by weight among equals', () => {
    const records = [record('light', 0, 10), record('heavy', 0, 90)];
    const first = (lot: number): string | undefined => orderServices(records, () => lot)[0]?.target;
    expect(first(0)).toBe('light');
    expect(first(0.05)).toBe('light');
    expect(first(0.5)).toBe('heavy');
    expect(first(0.99)).toBe('heavy');
    const [a, b] = [record('zero', 0, 0), record('one', 0, 1)];
    expect(orderServices([b, a], () => 0)[0]?.target).toBe('zero');
    expect(orderServices([b, a], () => 0.9)[0]?.target).toBe('one');
  });

  test('loses none and doubles none', () => {
    const small = fc.integer({ min: 0, max: 3 });
    const records = fc.array(
      fc.record({
        target: fc.string(),
        port: small,
        priority: small,
        weight: fc.integer({ min: 0, max: 65_535 }),
      }),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(records, fc.double({ min: 0, max: 0.999_999, noNaN: true }), (given, lot) => {
        const ordered = orderServices(given, () => lot);
        expect(new Set(ordered)).toEqual(new Set(given));
        expect(ordered).toHaveLength(given.length);
        const priorities = ordered.map(({ priority }) => priority);
        expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
      }),
    );
  });
});
