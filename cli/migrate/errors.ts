import type { FailedVerdict } from '../api/failed-verdict.ts';
import { CommandError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';

/** No account could sign in at a server, so that no mailbox can be begun; says which step failed. */
export class ServerNotVerifiedError extends CommandError {
  override readonly code = 'ServerNotVerified';
  override readonly exitCode = EXIT.mailboxFailed;
  readonly side: 'source' | 'destination';
  readonly failed: NonNullable<FailedVerdict['failed']>;
  constructor(
    side: 'source' | 'destination',
    failed: NonNullable<FailedVerdict['failed']>,
    options?: ErrorOptions,
  ) {
    super(`The ${side} could not be verified. ${failed.summary} ${failed.remedy}`, options);
    this.side = side;
    this.failed = failed;
  }
}
