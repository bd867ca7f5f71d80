import type { Clock } from '../migration/clock.ts';
import { type HourlyBytes, hourOf, hoursPast } from '../migration/daily-volume.ts';
import { type AccountKey, volumeKey } from './keys.ts';
import type { StateTable } from './state-table.ts';
import type { Attributes } from './table-expression.ts';

/** How many bytes went to and from accounts at mail servers in the last day, counted by all who move mail. */
export interface VolumeRepository {
  /**
   * Adds to the present hour.
   * @param bytes below 0 for what was counted before and not moved
   * @returns the bytes of each hour that still counts, with these
   */
  add(account: AccountKey, bytes: number): Promise<HourlyBytes>;
}

const KEPT_SECONDS = 2 * 24 * 3600;
const HOUR = /^h(\d+)$/;

export function createVolumeRepository(table: StateTable, { clock }: { clock: Clock }): VolumeRepository {
  return {
    async add(account, bytes) {
      const now = clock.now();
      const key = volumeKey(account);
      const item = await table.update(key, {
        text: 'SET #expiresAt = :expiresAt ADD #hour :bytes',
        names: { '#expiresAt': 'expiresAt', '#hour': nameOf(hourOf(now)) },
        values: { ':expiresAt': Math.floor(now / 1000) + KEPT_SECONDS, ':bytes': bytes },
      });
      const hours = parseHours(item ?? {});
      const past = hoursPast(hours, now);
      if (past.length > 0) {
        const names = Object.fromEntries(past.map((hour) => [`#${nameOf(hour)}`, nameOf(hour)]));
        await table.update(key, { text: `REMOVE ${Object.keys(names).join(', ')}`, names });
      }
      return hours;
    },
  };
}

const nameOf = (hour: number): string => `h${hour}`;

function parseHours(item: Attributes): Map<number, number> {
  const hours = new Map<number, number>();
  for (const [name, value] of Object.entries(item)) {
    const hour = HOUR.exec(name)?.[1];
    if (hour !== undefined && typeof value === 'number') hours.set(Number(hour), value);
  }
  return hours;
}
