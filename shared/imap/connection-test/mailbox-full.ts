import { CommandRefusedError } from '../errors.ts';
import type { MailboxQuota } from './read-quota.ts';

/** The destination can take nothing more; found out before it refuses the first message. */
export class MailboxFullError extends CommandRefusedError {
  constructor(quota: MailboxQuota) {
    super({ status: 'NO', command: 'GETQUOTAROOT', serverText: describeQuota(quota), reason: 'over-quota' });
  }
}

export function describeQuota(quota: MailboxQuota | undefined): string {
  if (quota === undefined) return 'The server tells no quota.';
  return `${megabytes(quota.usedBytes)} of ${megabytes(quota.limitBytes)} MB are used.`;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
