import type { MailboxCounters } from '../imap/mailbox/open-mailbox.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import type { MessageLimits } from '../migration/selection/message-limits.ts';
import type { Services } from '../services.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import type { AskedRetries } from './asked-retries.ts';
import type { PlannedFolder } from './describe-folders.ts';
import type { LabelClaims } from './label-claims.ts';
import type { EndAccess } from './mailbox-access.ts';
import type { FolderPlace } from './place-folder.ts';

/** What the planning of one folder works with. */
export interface FolderPlanning {
  readonly services: Services;
  readonly key: MailboxKey;
  readonly mailbox: MailboxRecord;
  readonly folder: PlannedFolder;
  /** What the source says of the folder now. */
  readonly counters: MailboxCounters;
  /** Which messages are to be copied. */
  readonly limits: MessageLimits;
  readonly sourceEnd: Pick<EndAccess, 'endpoint' | 'profile'>;
  readonly destinationEnd: Pick<EndAccess, 'profile'>;
  /** Of a source with labels. Its folders are planned one after the other. */
  readonly labels?: LabelClaims | undefined;
  /** What somebody wants to be tried again. */
  readonly asked: AskedRetries;
  readonly source: ImapConnection;
  readonly destination: ImapConnection;
  /** Of a folder that the books do not know yet: settles when the destination has it. */
  readonly placed: Promise<FolderPlace> | undefined;
  /** The mailbox has no ledger page yet: none needs to be looked for. */
  readonly noPages: boolean;
  /** The pass before ended, and this one was not planned before: no planning that died has left anything. */
  readonly afterFinished: boolean;
  readonly wait: Wait;
}
