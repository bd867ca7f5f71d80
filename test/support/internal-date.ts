const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The instant (ms since 1970) that an INTERNALDATE text such as ` 7-Jan-2001 02:44:25 +0500` names. */
export function instantOf(internalDate: string): number {
  const found = /^\s*(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(internalDate);
  const month = MONTHS.indexOf(found?.[2] ?? '');
  if (found === null || month === -1) throw new TypeError(`Not an INTERNALDATE: ${internalDate}`);
  const [day = 0, year = 0, hour = 0, minute = 0, second = 0] = [1, 3, 4, 5, 6].map((index) =>
    Number(found[index]),
  );
  const zoneMinutes = (found[7] === '-' ? -1 : 1) * (Number(found[8]) * 60 + Number(found[9]));
  return Date.UTC(year, month, day, hour, minute - zoneMinutes, second);
}

/** The INTERNALDATE text of an instant (ms) as a clock of that zone (minutes east of UTC) shows it. */
export function internalDateOf(instant: number, zoneMinutes: number): string {
  const local = new Date(instant + zoneMinutes * 60_000);
  const zone = Math.abs(zoneMinutes);
  const day = String(local.getUTCDate()).padStart(2, ' ');
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
  const sign = zoneMinutes < 0 ? '-' : '+';
  return `${day}-${MONTHS[local.getUTCMonth()] ?? ''}-${local.getUTCFullYear()} ${time} ${sign}${two(Math.floor(zone / 60))}${two(zone % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
