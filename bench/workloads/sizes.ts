import type { SizeOf } from './mail-of.ts';

const SMALLEST = 1200;
const LARGEST = 2_000_000;

/** Every message alike, but for a few bytes. */
export function sizeAround(bytes: number): SizeOf {
  return (random) => Math.round(bytes * (0.95 + random.next() / 10));
}

/** As in offices: half of the messages below 6 KB, a mean of about 25 KB, a few of megabytes (log-normal). */
export const officeSize: SizeOf = (random) => {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.round(Math.min(LARGEST, SMALLEST + 5000 * Math.exp(1.7 * normal)));
};
