const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** RFC 3501 9, date-time, without its quotes; the day may be padded with a blank. */
const SYNTAX = /^[ ]?(\d{1,2})-([a-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/i;

/** The instant that an INTERNALDATE names, in ms since the epoch; undefined for what is no such date. */
export function internalDateInstant(text: string): number | undefined {
  const match = SYNTAX.exec(text);
  if (match === null) return undefined;
  const [, day, month, year, hours, minutes, seconds, sign, zoneHours, zoneMinutes] = match;
  const monthIndex = MONTHS.indexOf(String(month).toLowerCase());
  if (monthIndex < 0) return undefined;
  const local = Date.UTC(
    Number(year),
    monthIndex,
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
  );
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return sign === '-' ? local + offset : local - offset;
}

/** The day that stands in an INTERNALDATE, YYYY-MM-DD, its zone disregarded; undefined for what is no such date. */
export function internalDateDay(text: string): string | undefined {
  const [, day = '', month = '', year = ''] = SYNTAX.exec(text) ?? [];
  const index = MONTHS.indexOf(month.toLowerCase());
  return index < 0 ? undefined : `${year}-${String(index + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
}
