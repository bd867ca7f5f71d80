import fc from 'fast-check';
import { budgetFor, laneLimit } from '../../../shared/imap/providers/budget.ts';
import { PROVIDERS } from '../../../shared/imap/providers/provider-catalogue.ts';
import { dovecot } from '../../../shared/imap/providers/profiles/dovecot.ts';
import { exchangeOnline } from '../../../shared/imap/providers/profiles/exchange-online.ts';
import { gmail } from '../../../shared/imap/providers/profiles/gmail.ts';

describe('the budget of a server', () => {
  test('is what is known of its provider', () => {
    expect(budgetFor(gmail, undefined)).toEqual({
      connections: 8,
      dailyBytesDown: 2_500_000_000,
      dailyBytesUp: 500_000_000,
    });
    expect(budgetFor(exchangeOnline, undefined)).toEqual({ connections: 4, messagesPerSecond: 4 });
  });

  test('is what the tenant has set, where it has', () => {
    const tuning = { connections: 12, connectionsPerHost: 100, dailyBytesUp: 1_000 };
    expect(budgetFor(gmail, tuning)).toEqual({
      connections: 12,
      connectionsPerHost: 100,
      dailyBytesDown: 2_500_000_000,
      dailyBytesUp: 1_000,
    });
  });
});

describe('the lanes of a mailbox', () => {
  test('are those of the side that bears less', () => {
    const [source, destination] = [budgetFor(gmail, undefined), budgetFor(dovecot, undefined)];
    expect(laneLimit(source, destination)).toBe(5);
    expect(laneLimit(destination, source)).toBe(5);
    expect(laneLimit(source, budgetFor(dovecot, { connections: 20 }))).toBe(8);
  });

  test('are no more than a host bears in all', () => {
    const destination = budgetFor(dovecot, { connectionsPerHost: 2 });
    expect(laneLimit(budgetFor(gmail, undefined), destination)).toBe(2);
  });

  test('are never none and never more than either side was given', () => {
    const tuning = fc.record(
      { connections: fc.integer({ min: 1, max: 20 }), connectionsPerHost: fc.integer({ min: 1, max: 50 }) },
      { requiredKeys: [] },
    );
    const side = fc
      .tuple(fc.constantFrom(...PROVIDERS), tuning)
      .map(([profile, tuned]) => budgetFor(profile, tuned));
    fc.assert(
      fc.property(side, side, (source, destination) => {
        const lanes = laneLimit(source, destination);
        expect(lanes).toBeGreaterThanOrEqual(1);
        expect(lanes).toBeLessThanOrEqual(Math.min(source.connections, destination.connections));
      }),
    );
  });
});
