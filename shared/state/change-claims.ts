import type { Attributes, Expression } from './table-expression.ts';
import { claimName, claimValue, type WorkRef } from './work-claims.ts';
import type { WorkItem } from './work-record.ts';

/**
 * The write that takes items and lets go of others. What the holder has or has not any more counts as done in either
 * case, for the SDK sends a request again when its answer was lost.
 */
export function changeClaims(
  taken: readonly WorkItem[],
  over: readonly WorkRef[],
  holder: string,
): { readonly update: Expression; readonly condition: Expression } {
  const names: Record<string, string> = {};
  const values: Attributes = { ':holder': holder };
  const conditions: string[] = [];
  taken.forEach((item, index) => {
    names[`#t${index}`] = claimName(item);
    if (item.claim === undefined) {
      conditions.push(`(attribute_not_exists(#t${index}) OR #t${index} = :holder)`);
    } else {
      values[`:seen${index}`] = claimValue(item.claim);
      conditions.push(`(#t${index} = :seen${index} OR #t${index} = :holder)`);
    }
  });
  over.forEach((item, index) => {
    names[`#o${index}`] = claimName(item);
    conditions.push(`(attribute_not_exists(#o${index}) OR #o${index} = :holder)`);
  });
  const set = taken.map((_item, index) => `#t${index} = :holder`);
  const remove = over.map((_item, index) => `#o${index}`);
  return {
    update: {
      text: [
        set.length > 0 ? `SET ${set.join(', ')}` : '',
        remove.length > 0 ? `REMOVE ${remove.join(', ')}` : '',
      ].join(' '),
    },
    condition: { text: conditions.join(' AND '), names, values },
  };
}
