import { internalDateInstant } from '../../../shared/migration/internal-date.ts';

describe('the instant of an INTERNALDATE', () => {
  test.each([
    ['07-Jan-2001 02:44:25 +0500', '2001-01-06T21:44:25Z'],
    [' 7-Jan-2001 02:44:25 +0500', '2001-01-06T21:44:25Z'],
    ['31-Dec-1969 19:00:00 -0500', '1970-01-01T00:00:00Z'],
    ['19-JAN-2037 03:14:07 +0000', '2037-01-19T03:14:07Z'],
    ['01-Mar-2024 00:15:00 +0545', '2024-02-29T18:30:00Z'],
  ])('%s is %s', (text, instant) => {
    expect(internalDateInstant(text)).toBe(Date.parse(instant));
  });

  test.each(['', 'yesterday', '07-Foo-2001 02:44:25 +0500', '2001-01-07T02:44:25Z'])('%j is none', (text) => {
    expect(internalDateInstant(text)).toBeUndefined();
  });
});
