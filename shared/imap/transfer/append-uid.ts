import { parseUidSet } from '../../migration/uid-set.ts';
import type { StatusAnswer } from '../wire/response.ts';

/** The destination UIDs of the messages of one APPEND, in their order. */
export interface AppendedUids {
  readonly uidValidity: number;
  readonly uids: readonly number[];
}

/**
 * What `[APPENDUID uidvalidity uid-set]` tells (RFC 4315 3). Undefined where the server has no UIDPLUS, and where the
 * set is not one UID for each message, ascending: then it does not say which message has which.
 */
export function parseAppendUids(answer: StatusAnswer, messages: number): AppendedUids | undefined {
  if (answer.code !== 'APPENDUID') return undefined;
  const match = /^(\d{1,10}) (\S+)$/.exec(answer.codeArguments ?? '');
  if (match === null) return undefined;
  const [, validity = '', set = ''] = match;
  const uidValidity = Number(validity);
  if (uidValidity < 1 || uidValidity > 0xffff_ffff) return undefined;
  const uids = uidsOf(set, messages);
  if (uids.length !== messages) return undefined;
  return uids.every((uid, index) => uid > (uids[index - 1] ?? 0)) ? { uidValidity, uids } : undefined;
}

function uidsOf(set: string, limit: number): number[] {
  try {
    return parseUidSet(set, limit);
  } catch {
    return []; // malformed, or far more of them than messages
  }
}
