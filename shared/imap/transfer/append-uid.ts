import type { StatusAnswer } from '../wire/response.ts';

/** The destination UID that `[APPENDUID uidvalidity uid]` tells (RFC 4315 3); undefined where the server has no UIDPLUS. */
export function parseAppendUid(answer: StatusAnswer): { uidValidity: number; uid: number } | undefined {
  if (answer.code !== 'APPENDUID') return undefined;
  const match = /^(\d{1,10}) (\d{1,10})$/.exec(answer.codeArguments ?? '');
  if (match === null) return undefined;
  const uidValidity = Number(match[1]);
  const uid = Number(match[2]);
  return isNzNumber(uidValidity) && isNzNumber(uid) ? { uidValidity, uid } : undefined;
}

function isNzNumber(value: number): boolean {
  return value >= 1 && value <= 0xffff_ffff;
}
