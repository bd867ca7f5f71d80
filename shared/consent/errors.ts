/** What can come of a link to consent, besides that it was not found or that we failed. Shown to users, by this code. */
export type ConsentRefusal =
  | 'link-unknown'
  | 'link-expired'
  | 'link-used'
  | 'link-exhausted'
  | 'closed'
  | 'attempt-unknown'
  | 'other-browser'
  | 'wrong-account'
  | 'denied'
  | 'admin-approval'
  | 'scope-missing'
  | 'not-lasting'
  | 'client-refused'
  | 'service-failed'
  | 'answer-unreadable'
  | 'mailbox-unreachable';

/** Nothing came of a consent, and nothing was stored. Holds nothing secret. */
export class ConsentError extends Error {
  readonly code = 'Consent';
  readonly refusal: ConsentRefusal;
  /** Whose consent was expected, where that is what the user must know. */
  readonly account: string | undefined;
  constructor(refusal: ConsentRefusal, options: ErrorOptions & { readonly account?: string } = {}) {
    super(`No consent came of it: ${refusal}.`, options);
    this.name = 'ConsentError';
    this.refusal = refusal;
    this.account = options.account;
  }
}
