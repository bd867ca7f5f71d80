import { TokenError, type TokenProblem } from './errors.ts';
import type { OAuthGrant } from './grant.ts';

/** What is known of an answer that holds no token. */
interface Refusal {
  readonly status: number;
  /** RFC 6749 5.2; missing where the answer is not what that section says. */
  readonly error?: string;
  readonly description?: string;
  /** How far the service's clock was from ours when it answered, in ms. */
  readonly skewMs?: number;
}

/** Signed statements are good for minutes; what is farther off than this is refused. */
const SKEW_MS = 60_000;

/** Microsoft says in a number what exactly it is: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const MICROSOFT: Readonly<Record<string, TokenProblem>> = {
  AADSTS65001: 'consent-missing',
  AADSTS65004: 'consent-missing',
  AADSTS90094: 'admin-consent-missing',
  AADSTS90008: 'admin-consent-missing',
  AADSTS500011: 'client-refused',
  AADSTS650051: 'admin-consent-missing',
  AADSTS650052: 'admin-consent-missing',
  AADSTS7000229: 'admin-consent-missing',
  AADSTS700024: 'clock-skew',
  AADSTS700016: 'client-refused',
};

const MESSAGES: Readonly<Record<TokenProblem, string>> = {
  'consent-missing': 'does not accept the consent of the user any more',
  'admin-consent-missing': 'wants an administrator to allow the application',
  'client-refused': 'does not accept the application',
  'key-unusable': 'got no statement, because the key cannot be used',
  'clock-skew': 'finds the time of our statement wrong',
  'endpoint-insecure': 'is not encrypted',
  unreachable: 'could not be reached',
  timeout: 'did not answer in time',
  'service-failed': 'cannot give tokens just now',
  'answer-unreadable': 'answered something that is not a token',
  'answer-too-large': 'answered too much',
};

/** The error that says what to do about an answer without a token. @param scrub takes secrets out of its words */
export function tokenFailure(
  grant: OAuthGrant,
  refusal: Refusal,
  scrub: (text: string) => string,
): TokenError {
  const problem = problemOf(grant, refusal);
  const { status, error, description } = refusal;
  const host = new URL(grant.tokenUrl).host;
  const said = scrub([error, description].filter((text) => text !== undefined).join(': '));
  return new TokenError(
    problem,
    `${host} ${MESSAGES[problem]} (HTTP ${status}).`,
    said === '' ? {} : { serverText: said },
  );
}

function problemOf(grant: OAuthGrant, refusal: Refusal): TokenProblem {
  const { status, error, description = '' } = refusal;
  if (status === 429 || status >= 500) return 'service-failed';
  if (error === undefined) return status === 408 ? 'service-failed' : 'answer-unreadable';
  const code = /\bAADSTS\d+\b/.exec(description)?.[0] ?? '';
  const known = MICROSOFT[code];
  if (known !== undefined) {
    // What a user would be asked for, an administrator grants an application.
    return known === 'consent-missing' && !isUsers(grant) ? 'admin-consent-missing' : known;
  }
  if (isSigned(grant) && Math.abs(refusal.skewMs ?? 0) > SKEW_MS) return 'clock-skew';
  switch (error) {
    case 'invalid_grant':
    case 'interaction_required':
    case 'consent_required':
    case 'login_required':
      return isUsers(grant) ? 'consent-missing' : 'client-refused';
    case 'access_denied':
      return isUsers(grant) ? 'consent-missing' : 'admin-consent-missing';
    case 'unauthorized_client':
      // Google's word for a service account without domain-wide delegation.
      return grant.kind === 'service-account' ? 'admin-consent-missing' : 'client-refused';
    case 'temporarily_unavailable':
    case 'server_error':
      return 'service-failed';
    default:
      return 'client-refused';
  }
}

/** Whether a user's consent is behind it. */
function isUsers({ kind }: OAuthGrant): boolean {
  return kind === 'refresh-token' || kind === 'authorization-code';
}

/** Whether a statement with a time in it was sent. */
function isSigned(grant: OAuthGrant): boolean {
  return grant.kind === 'service-account' || grant.authentication.kind === 'certificate';
}
