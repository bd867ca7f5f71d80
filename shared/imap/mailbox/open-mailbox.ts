import type { MailboxName } from '../wire/mailbox-argument.ts';

/** What a server counts for a mailbox: equal counters mean that nothing has changed. */
export interface MailboxCounters {
  readonly messages: number;
  readonly uidNext: number;
  readonly uidValidity: number;
  /** Only where the server has CONDSTORE and keeps mod-sequences for this mailbox (RFC 7162). */
  readonly highestModseq?: bigint;
}

/** The mailbox that the connection has selected, as it was at that moment. */
export interface OpenMailbox extends MailboxCounters {
  readonly path: MailboxName;
  readonly readOnly: boolean;
  /** Flags that can be changed for good. Undefined when opened read-only, where servers truthfully say "none", and when not told. */
  readonly permanentFlags?: { readonly flags: string[]; readonly anyKeyword: boolean };
}
