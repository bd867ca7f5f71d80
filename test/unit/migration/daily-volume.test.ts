import { bytesOfDay, hourOf, hoursPast, volumeFreeAt } from '../../../shared/migration/daily-volume.ts';

const HOUR = 3_600_000;
const now = 1000 * HOUR + 1234;

describe('the volume of a day', () => {
  test('is that of the hour that runs and of the 24 before it', () => {
    const hours = new Map([
      [975, 1],
      [976, 10],
      [999, 100],
      [1000, 1000],
    ]);
    expect(hourOf(now)).toBe(1000);
    expect(bytesOfDay(hours, now)).toBe(1110);
    expect(hoursPast(hours, now)).toEqual([975]);
  });

  test('is free again when a tenth of the budget is older than a day', () => {
    const hours = new Map([
      [990, 60],
      [980, 5],
      [975, 500],
      [995, 40],
    ]);
    // 105 of 100 are used; without hour 980 it is 100, without hour 990 it is 40
    expect(volumeFreeAt(hours, 100, now)).toBe((990 + 25) * HOUR);
    expect(volumeFreeAt(hours, 112, now)).toBe((980 + 25) * HOUR);
    expect(volumeFreeAt(hours, 1000, now)).toBe(now);
    expect(volumeFreeAt(new Map(), 100, now)).toBe(now);
  });

  test('never counts what is younger than 24 hours as past', () => {
    const moved = new Map([[hourOf(now), 70]]);
    const freeAt = volumeFreeAt(moved, 70, now);
    expect(freeAt - (hourOf(now) + 1) * HOUR).toBe(24 * HOUR);
    expect(bytesOfDay(moved, freeAt - 1)).toBe(70);
    expect(bytesOfDay(moved, freeAt)).toBe(0);
  });
});
