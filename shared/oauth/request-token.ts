import { importPKCS8, SignJWT } from 'jose';
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretPost,
  clockSkew,
  customFetch,
  genericTokenEndpointRequest,
  getValidatedIdTokenClaims,
  modifyAssertion,
  None,
  PrivateKeyJwt,
  processGenericTokenEndpointResponse,
  ResponseBodyError,
} from 'oauth4webapi';
import { ImapError } from '../imap/errors.ts';
import { scrubberFor } from '../imap/session/secret-scrubber.ts';
import type { Clock } from '../migration/clock.ts';
import { TokenError } from './errors.ts';
import type { ClientAuthentication, GrantedToken, OAuthGrant } from './grant.ts';
import { addressesOf, issuerFor, withoutIdentity } from './identity-token.ts';
import { endpointUrl, postForm, type PostOptions } from './post-form.ts';
import { tokenFailure } from './token-failure.ts';

export interface TokenRequestOptions extends PostOptions {
  readonly clock: Clock;
}

/** Where the answer does not say how long a token is good for (RFC 6749 5.1 only recommends it), in seconds. */
const USUAL_SECONDS = 300;
/** A statement signed by us is good for so many seconds. */
const STATEMENT_SECONDS = 300;

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * Asks a sign-in service for an access token. oauth4webapi makes the request and reads the answer; where it goes, how
 * large the answer may be and how long it may take is ours.
 * @throws TokenError; ConnectError or AddressForbiddenError for the name of the service; the signal's reason
 */
export async function requestToken(grant: OAuthGrant, options: TokenRequestOptions): Promise<GrantedToken> {
  const { clock, policy } = options;
  const url = endpointUrl(grant.tokenUrl, policy);
  const client = { client_id: grant.clientId, [clockSkew]: Math.round((clock.now() - Date.now()) / 1000) };
  const identity = grant.kind === 'authorization-code' ? grant.identity : undefined;
  const server = { issuer: url.origin, token_endpoint: url.href };
  const { grantType, parameters, authentication } = await formOf(grant, clock);
  let status = 0;
  let skewMs: number | undefined;
  let answered = '';
  const askedAt = clock.now();
  try {
    const response = await genericTokenEndpointRequest(
      server,
      client,
      authentication,
      grantType,
      parameters,
      {
        // plain text was decided upon above
        [allowInsecureRequests]: true,
        [customFetch]: async (_url, { body, headers }) => {
          const answer = await postForm(url, { body: body.toString(), headers }, options);
          status = answer.status;
          if (answer.date !== undefined) skewMs = answer.date - clock.now();
          if (status < 200 || status > 599) throw notAToken(url, status);
          answered = identity === undefined ? withoutIdentity(answer.body) : answer.body;
          // The body says why, where there is one; a challenge would hide it.
          return new Response(answered === '' ? null : answered, {
            status,
            headers: { 'content-type': answer.contentType },
          });
        },
      },
    );
    const issuer = identity === undefined ? server.issuer : issuerFor(identity.issuer, answered);
    const token = await processGenericTokenEndpointResponse({ ...server, issuer }, client, response);
    const claims = getValidatedIdTokenClaims(token);
    if (claims !== undefined && claims.nonce !== identity?.nonce) throw notOfThisConsent(url);
    const addresses = addressesOf(claims);
    return {
      accessToken: token.access_token,
      expiresAt: askedAt + (token.expires_in ?? USUAL_SECONDS) * 1000,
      ...(token.refresh_token !== undefined && { refreshToken: token.refresh_token }),
      ...(token.scope !== undefined && { scopes: token.scope.split(' ').filter((scope) => scope !== '') }),
      ...(addresses.length > 0 && { addresses }),
    };
  } catch (error) {
    options.wait.signal.throwIfAborted();
    if (error instanceof ImapError) throw error;
    // The library's own errors hold the answer, which may hold tokens: none goes on, not even as a cause.
    const told =
      error instanceof ResponseBodyError
        ? { error: error.error, ...(error.error_description && { description: error.error_description }) }
        : {};
    const at = skewMs === undefined ? {} : { skewMs };
    if (status === 0) throw new TokenError('key-unusable', 'The request for a token could not be made.');
    throw tokenFailure(grant, { status, ...told, ...at }, scrubberOf(grant));
  }
}

function notAToken(url: URL, status: number): TokenError {
  return new TokenError('answer-unreadable', `${url.host} answered with HTTP ${status}.`);
}

function notOfThisConsent(url: URL): TokenError {
  return new TokenError('answer-unreadable', `${url.host} answered with the identity of another request.`);
}

async function formOf(
  grant: OAuthGrant,
  clock: Clock,
): Promise<{ grantType: string; parameters: Record<string, string>; authentication: ClientAuth }> {
  const scope = grant.scopes.join(' ');
  switch (grant.kind) {
    case 'client-credentials':
      return {
        grantType: 'client_credentials',
        parameters: { scope },
        authentication: await authenticationOf(grant.authentication, grant.tokenUrl),
      };
    case 'refresh-token':
      return {
        grantType: 'refresh_token',
        parameters: { refresh_token: grant.refreshToken },
        authentication: await authenticationOf(grant.authentication, grant.tokenUrl),
      };
    case 'authorization-code':
      return {
        grantType: 'authorization_code',
        parameters: {
          code: grant.code,
          redirect_uri: grant.redirectUri,
          code_verifier: grant.codeVerifier,
        },
        authentication: await authenticationOf(grant.authentication, grant.tokenUrl),
      };
    case 'service-account':
      return {
        grantType: JWT_BEARER,
        parameters: { assertion: await statementOf(grant, scope, clock) },
        // The statement says who asks.
        authentication: () => undefined,
      };
  }
}

async function authenticationOf(given: ClientAuthentication, tokenUrl: string): Promise<ClientAuth> {
  switch (given.kind) {
    case 'none':
      return None();
    case 'secret':
      return ClientSecretPost(given.clientSecret);
    case 'certificate':
      // https://learn.microsoft.com/entra/identity-platform/certificate-credentials
      return PrivateKeyJwt(await signingKey(given.privateKey, 'PS256'), {
        [modifyAssertion]: (header, payload) => {
          header['x5t#S256'] = given.thumbprint;
          payload['aud'] = tokenUrl;
        },
      });
  }
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
async function statementOf(
  grant: Extract<OAuthGrant, { kind: 'service-account' }>,
  scope: string,
  clock: Clock,
): Promise<string> {
  const now = Math.floor(clock.now() / 1000);
  const key = await signingKey(grant.privateKey, 'RS256');
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(grant.keyId && { kid: grant.keyId }) })
    .setIssuer(grant.clientId)
    .setSubject(grant.subject)
    .setAudience(grant.tokenUrl)
    .setIssuedAt(now)
    .setExpirationTime(now + STATEMENT_SECONDS)
    .sign(key);
}

type SigningKey = Awaited<ReturnType<typeof importPKCS8>>;

async function signingKey(pem: string, algorithm: 'RS256' | 'PS256'): Promise<SigningKey> {
  try {
    return await importPKCS8(pem, algorithm);
  } catch {
    // What the parser says may quote the key.
    throw new TokenError('key-unusable', 'The private key is not an RSA key in PKCS #8 PEM form.');
  }
}

function scrubberOf(grant: OAuthGrant): (text: string) => string {
  const scrubbers = secretsOf(grant).map((secret) => scrubberFor(secret));
  return (text) => scrubbers.reduce((rest, scrub) => scrub(rest), text);
}

function secretsOf(grant: OAuthGrant): string[] {
  switch (grant.kind) {
    case 'service-account':
      return [grant.privateKey];
    case 'client-credentials':
      return clientSecretsOf(grant.authentication);
    case 'refresh-token':
      return [grant.refreshToken, ...clientSecretsOf(grant.authentication)];
    case 'authorization-code':
      return [grant.code, grant.codeVerifier, ...clientSecretsOf(grant.authentication)];
  }
}

function clientSecretsOf(authentication: ClientAuthentication): string[] {
  switch (authentication.kind) {
    case 'none':
      return [];
    case 'secret':
      return [authentication.clientSecret];
    case 'certificate':
      return [authentication.privateKey];
  }
}
