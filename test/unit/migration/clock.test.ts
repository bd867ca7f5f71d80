import { systemClock } from '../../../shared/migration/clock.ts';
import { parseSpecialUse } from '../../../shared/migration/special-use.ts';

test('the system clock tells the time of the day and one that never goes back', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
  const before = systemClock.monotonic();
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
});

test('a special use is known in any case and under its XLIST name, and nothing else is', () => {
  expect(parseSpecialUse('\\SENT')).toBe('\\Sent');
  expect(parseSpecialUse('\\Spam')).toBe('\\Junk');
  expect(parseSpecialUse('\\Noselect')).toBeUndefined();
});
