import type { ProblemCode } from '../api/problem-code.ts';
import type { ConsentRefusal } from '../consent/errors.ts';
import type { CapabilityTrait } from '../imap/connection-test/capability-traits.ts';
import type { ConnectionStep } from '../imap/connection-test/connection-verdict.ts';
import type { InstructionCode, NoteCode } from '../imap/providers/provider-text-codes.ts';
import type { RefusalCode } from '../imap/refusal-code.ts';
import type { FailureDescription, FailureReason } from '../migration/failure-reason.ts';
import type { ItemReason, ItemReasonDescription } from '../migration/item-reason.ts';
import type { MailboxStatus } from '../migration/mailbox-status.ts';

/** What is said about mail providers. */
export interface ProviderTexts {
  readonly instructions: Readonly<Record<InstructionCode, string>>;
  readonly notes: Readonly<Record<NoteCode, string>>;
  readonly refusals: Readonly<Record<RefusalCode, FailureDescription>>;
}

/** What is said about the test of a connection. */
export interface ConnectionTexts {
  readonly steps: Readonly<Record<ConnectionStep, string>>;
  /** What follows from what a server can do, or cannot. */
  readonly traits: Readonly<Record<CapabilityTrait, { readonly present: string; readonly absent: string }>>;
}

/** What can come of a link to consent. */
export type ConsentOutcome = ConsentRefusal | 'done' | 'unavailable' | 'internal';

/** What users read in their browsers. `{account}` stands for the account that was to consent, where it is told. */
export type ConsentTexts = Readonly<
  Record<ConsentOutcome, { readonly title: string; readonly text: string }>
>;

/** All texts of one language. A code without a text does not compile. */
export interface Catalogue {
  readonly statuses: Readonly<Record<MailboxStatus, string>>;
  readonly failures: Readonly<Record<FailureReason, FailureDescription>>;
  readonly items: Readonly<Record<ItemReason, ItemReasonDescription>>;
  readonly problems: Readonly<Record<ProblemCode, { readonly title: string; readonly remedy: string }>>;
  readonly providers: ProviderTexts;
  readonly connection: ConnectionTexts;
  readonly consent: ConsentTexts;
}
