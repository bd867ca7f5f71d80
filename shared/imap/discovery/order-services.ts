import type { ServiceRecord } from './dns-records.ts';

/**
 * In the order in which a client tries them (RFC 2782): by priority, and within one by a lot in which a heavier record
 * is drawn earlier so much more often.
 * @param random 0 <= n < 1
 */
export function orderServices(records: readonly ServiceRecord[], random: () => number): ServiceRecord[] {
  const priorities = [...new Set(records.map(({ priority }) => priority))].toSorted((a, b) => a - b);
  return priorities.flatMap((priority) =>
    drawByWeight(
      records.filter((record) => record.priority === priority),
      random,
    ),
  );
}

function drawByWeight(records: readonly ServiceRecord[], random: () => number): ServiceRecord[] {
  // Those of weight 0 come first into the urn, so that they have a very small chance beside heavier ones.
  const urn = records.toSorted((a, b) => Math.sign(a.weight) - Math.sign(b.weight));
  const drawn: ServiceRecord[] = [];
  while (urn.length > 0) {
    const total = urn.reduce((sum, { weight }) => sum + weight, 0);
    const lot = Math.floor(random() * (total + 1));
    let sum = 0;
    const at = urn.findIndex(({ weight }) => (sum += weight) >= lot);
    drawn.push(...urn.splice(Math.max(at, 0), 1));
  }
  return drawn;
}
