import { createHash } from 'node:crypto';

/** What a user is sent to a sign-in service with. */
export interface AuthorizationRequest {
  readonly authorizationUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly codeVerifier: string;
  /** Of OpenID Connect; missing where the service is none. */
  readonly nonce?: string | undefined;
  /** The account that is expected to consent. */
  readonly loginHint?: string | undefined;
  /** What this very service wants besides. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Where the user goes to consent (RFC 6749 4.1.1, RFC 7636 4.3). */
export function authorizationAddress(request: AuthorizationRequest): string {
  const url = new URL(request.authorizationUrl);
  const parameters = {
    ...request.parameters,
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: request.scopes.join(' '),
    state: request.state,
    code_challenge: createHash('sha256').update(request.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(request.nonce !== undefined && { nonce: request.nonce }),
    ...(request.loginHint !== undefined && { login_hint: request.loginHint }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
