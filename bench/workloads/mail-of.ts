import { internalDateOf } from '../../test/support/internal-date.ts';
import { type Random, seededRandom } from '../../test/support/random.ts';
import { composeMessage } from './compose-message.ts';
import type { BenchMessage } from './workload.ts';

const FLAGS: readonly [readonly string[], ...(readonly string[])[]] = [
  ['\\Seen'],
  ['\\Seen'],
  ['\\Seen'],
  ['\\Seen', '\\Answered'],
  ['\\Flagged', '\\Seen'],
  [],
];
const ZONES: readonly [number, ...number[]] = [0, 60, 120, -480, 420];

/** Bytes of a message, drawn anew for each. */
export type SizeOf = (random: Random) => number;

/** One message, the same for the same seed. */
export function mailOf(folder: string, seed: number, sizeOf: SizeOf): BenchMessage {
  const random = seededRandom(seed);
  const size = sizeOf(random);
  return {
    folder,
    flags: random.pick(FLAGS),
    internalDate: internalDateOf(random.between(1_500_000_000, 1_740_000_000) * 1000, random.pick(ZONES)),
    bytes: () => composeMessage(seededRandom(seed + 1), `m${seed}`, size),
  };
}
