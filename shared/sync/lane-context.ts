import type { AppendWindow } from '../imap/transfer/append-window.ts';
import type { Wait } from '../imap/wire/wait.ts';
import type { Services } from '../services.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import type { LaneEnd } from './lane-end.ts';
import type { LaneKeeper } from './lane-keeper.ts';
import type { StoredForms } from './message-forms.ts';
import type { MessagePacer } from './message-pacer.ts';
import type { SourceEnd } from './source-end.ts';
import type { VolumeBudget } from './volume-budget.ts';

/** What a worker has at hand while it holds a lane. */
export interface LaneContext {
  readonly services: Services;
  readonly key: MailboxKey;
  readonly mailbox: MailboxRecord;
  readonly keeper: LaneKeeper;
  readonly source: SourceEnd;
  readonly destination: LaneEnd<string>;
  /** The largest message that the destination takes, in bytes (RFC 7889); undefined where it does not say. */
  readonly appendLimit: number | undefined;
  /** Bounds what is in flight to the destination, of all pages together. */
  readonly window: AppendWindow;
  readonly pacer: MessagePacer;
  /** What may still be moved today, where the provider of an end bounds it. */
  readonly volumes: { readonly source?: VolumeBudget; readonly destination?: VolumeBudget };
  readonly wait: Wait;
  /** False where a server's RFC822.SIZE is an estimate (Exchange): sizes then identify nothing. */
  readonly sizesExact: boolean;
  readonly storedForms: StoredForms;
}
