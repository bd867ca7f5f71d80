import { ImapError } from '../imap/errors.ts';

/** The name by which an administrator opens somebody's mailbox cannot be made. Somebody must correct one of the two. */
export class UserNameError extends ImapError {
  override readonly name = 'UserNameError';
  readonly problem:
    | 'unknown-part'
    | 'part-not-closed'
    | 'user-missing'
    | 'administrator-missing'
    | 'domain-missing'
    | 'too-long';

  constructor(problem: UserNameError['problem'], message: string) {
    super('sign-in-name-invalid', message, { reason: 'sign-in-name-invalid', retryable: false });
    this.problem = problem;
  }
}
