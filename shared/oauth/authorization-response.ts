import { AuthorizationResponseError, validateAuthResponse } from 'oauth4webapi';
import { isOneForEachDirectory } from './identity-token.ts';

/** Why a sign-in service sent a user back without a code. */
type AuthorizationRefusal =
  | 'denied'
  | 'admin-approval'
  | 'client-refused'
  | 'service-failed'
  | 'answer-unreadable';

export type AuthorizationResponse =
  | { readonly kind: 'code'; readonly code: string }
  /** @property error RFC 6749 4.1.2.1, for the log: one of the service's own words, bounded */
  | { readonly kind: 'refused'; readonly refusal: AuthorizationRefusal; readonly error: string };

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const MICROSOFT: Readonly<Record<string, AuthorizationRefusal>> = {
  AADSTS65001: 'admin-approval',
  AADSTS65004: 'denied',
  AADSTS65005: 'client-refused',
  AADSTS90008: 'admin-approval',
  AADSTS90094: 'admin-approval',
  AADSTS90095: 'admin-approval',
  AADSTS650051: 'admin-approval',
  AADSTS650052: 'admin-approval',
  AADSTS50011: 'client-refused',
  AADSTS700016: 'client-refused',
};

const ONCE = ['code', 'state', 'iss', 'error', 'error_description'] as const;

/**
 * Reads what a sign-in service sent a user back with. `iss` is held against the issuer where both are known (RFC 9207).
 * @param parameters as they came, so that one that is there twice is seen
 */
export function readAuthorizationResponse(
  parameters: URLSearchParams,
  expected: { readonly state: string; readonly issuer: string | undefined; readonly clientId: string },
): AuthorizationResponse {
  const { state, issuer, clientId } = expected;
  // RFC 6749 3.1: a parameter comes once.
  if (ONCE.some((name) => parameters.getAll(name).length > 1)) {
    return { kind: 'refused', refusal: 'answer-unreadable', error: 'parameter twice' };
  }
  const vouched = new URLSearchParams(parameters);
  // Nothing to hold it against; which service it was is told by the address that it sent the user to.
  if (issuer === undefined || isOneForEachDirectory(issuer)) vouched.delete('iss');
  try {
    const valid = validateAuthResponse(
      { issuer: issuer ?? 'https://unknown.invalid' },
      { client_id: clientId },
      vouched,
      state,
    );
    const code = valid.get('code');
    if (code !== null && code !== '' && code.length <= 4096) return { kind: 'code', code };
    return { kind: 'refused', refusal: 'answer-unreadable', error: 'no code' };
  } catch (error) {
    if (!(error instanceof AuthorizationResponseError)) {
      return { kind: 'refused', refusal: 'answer-unreadable', error: 'not valid' };
    }
    const word = error.error.slice(0, 100);
    return { kind: 'refused', refusal: refusalOf(word, error.error_description ?? ''), error: word };
  }
}

function refusalOf(error: string, description: string): AuthorizationRefusal {
  const known = MICROSOFT[/\bAADSTS\d+\b/.exec(description)?.[0] ?? ''];
  if (known !== undefined) return known;
  switch (error) {
    case 'access_denied':
    case 'login_required':
    case 'interaction_required':
    case 'account_selection_required':
      return 'denied';
    case 'consent_required':
    // Google's word for an application that the organisation does not let its users choose.
    case 'admin_policy_enforced':
      return 'admin-approval';
    case 'server_error':
    case 'temporarily_unavailable':
      return 'service-failed';
    default:
      return 'client-refused';
  }
}
