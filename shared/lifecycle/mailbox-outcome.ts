import pMap from 'p-map';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import type { MailboxStatusError, MailboxUnknownError, MigrationClosedError } from './errors.ts';
import type { MailboxKey } from '../state/keys.ts';

/** What became of a request for one mailbox of many: one that cannot be served does not hold up the others. */
export type MailboxOutcome =
  | {
      readonly ok: true;
      readonly mailboxId: string;
      readonly changed: boolean;
      readonly record: MailboxRecord;
    }
  | {
      readonly ok: false;
      readonly mailboxId: string;
      readonly error: MailboxStatusError | MailboxUnknownError | MigrationClosedError;
    };

/** Writes in flight at once for a request over many mailboxes. */
const CONCURRENCY = 16;

/** Serves each mailbox on its own; answers in the order of the keys. */
export function forEachMailbox<Key extends MailboxKey>(
  keys: readonly Key[],
  serve: (key: Key) => Promise<MailboxOutcome>,
): Promise<MailboxOutcome[]> {
  return pMap(keys, serve, { concurrency: CONCURRENCY });
}
