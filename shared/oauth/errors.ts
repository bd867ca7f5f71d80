import type { FailureReason } from '../migration/failure-reason.ts';
import { ImapError, type ImapErrorDetails } from '../imap/errors.ts';

/** Why a sign-in service gave no token. */
export type TokenProblem =
  | 'consent-missing'
  | 'admin-consent-missing'
  | 'client-refused'
  | 'key-unusable'
  | 'clock-skew'
  | 'endpoint-insecure'
  | 'unreachable'
  | 'timeout'
  | 'service-failed'
  | 'answer-unreadable'
  | 'answer-too-large';

const REASONS: Readonly<Record<TokenProblem, FailureReason>> = {
  'consent-missing': 'consent-missing',
  'admin-consent-missing': 'admin-consent-missing',
  'client-refused': 'oauth-client-refused',
  'key-unusable': 'oauth-client-refused',
  'clock-skew': 'clock-skew',
  'endpoint-insecure': 'address-forbidden',
  unreachable: 'token-unavailable',
  timeout: 'token-unavailable',
  'service-failed': 'token-unavailable',
  'answer-unreadable': 'token-unavailable',
  'answer-too-large': 'token-unavailable',
};

/** The sign-in service gave no token. Neither its text nor its cause holds a secret or a token. */
export class TokenError extends ImapError {
  override readonly name = 'TokenError';
  readonly problem: TokenProblem;

  constructor(
    problem: TokenProblem,
    message: string,
    details: Pick<ImapErrorDetails, 'serverText' | 'retryable'> = {},
  ) {
    const reason = REASONS[problem];
    super('token-failed', message, { retryable: reason === 'token-unavailable', ...details, reason });
    this.problem = problem;
  }
}
