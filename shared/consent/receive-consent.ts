import { recordEvent } from '../lifecycle/record-event.ts';
import { CredentialIncompleteError, MigrationClosedError } from '../lifecycle/errors.ts';
import { replaceCredential } from '../lifecycle/replace-credential.ts';
import { readAuthorizationResponse } from '../oauth/authorization-response.ts';
import { TokenError, type TokenProblem } from '../oauth/errors.ts';
import { requestToken } from '../oauth/request-token.ts';
import type { GrantedToken } from '../oauth/grant.ts';
import { ImapError } from '../imap/errors.ts';
import type { Services } from '../services.ts';
import { clientAuthentication } from '../sign-in/client-authentication.ts';
import type { ConsentAttempt } from '../state/consent-repository.ts';
import { CredentialsGoneError } from '../vault/errors.ts';
import { codeVerifierOf, digestOf, isDigestOf, nonceOf } from './browser-word.ts';
import { type ConsentTarget, readConsentTarget } from './consent-target.ts';
import { isGranted, redirectUriOf, serviceOf } from './consent-way.ts';
import { ConsentError, type ConsentRefusal } from './errors.ts';
import { requireLink } from './open-link.ts';
import { requireRightAccount } from './require-right-account.ts';

/** What a browser came back with. */
export interface Return {
  /** The sign-in service, by the address that it sent the user back to. */
  readonly service: string;
  /** As they came. */
  readonly parameters: URLSearchParams;
  /** What the browser has kept for a `state`; undefined where it has nothing. */
  readonly browserWordFor: (state: string) => string | undefined;
}

/** For everything that one token takes, in ms. */
const TOKEN_MS = 10_000;

/**
 * Takes in what a user has consented to: the code becomes a refresh token, which is stored for the mailbox if it opens
 * that one and no other.
 * @returns whose consent it was
 * @throws ConsentError, and nothing is stored then; VaultUnavailableError, StateUnavailableError
 */
export async function receiveConsent(
  services: Services,
  answer: Return,
  signal: AbortSignal,
): Promise<{ readonly account: string }> {
  const { consents } = services.state;
  const state = answer.parameters.get('state') ?? '';
  const { attempt, browserWord } = await requireAttempt(services, state, answer);
  const link = await requireLink(services, attempt.link);
  const target = await readConsentTarget(services, link);
  // Whoever answers in the name of another service gets no code of ours (RFC 9700 4.4).
  if (serviceOf(target.signIn) !== answer.service) throw new ConsentError('attempt-unknown');
  if (!(await consents.end(attempt.digest))) throw new ConsentError('attempt-unknown');
  try {
    const token = await exchange(services, target, {
      answer,
      state,
      browserWord,
      redirectUri: redirectUriOf(link.baseUrl, target.signIn),
      signal,
    });
    await requireRightAccount(services, target, token, link.side, signal);
    if (!(await consents.use(link.digest, attempt.digest, services.clock.now()))) {
      throw new ConsentError('link-used');
    }
    await store(services, target, link.side, token.refreshToken).catch(async (error: unknown) => {
      await consents.giveBack(link.digest, attempt.digest);
      throw error;
    });
    return { account: target.account };
  } catch (error) {
    if (error instanceof ConsentError) {
      await recordEvent(services, target.mailbox, 'consent-refused', {
        side: link.side,
        refusal: error.refusal,
      });
    }
    throw error;
  }
}

/** The attempt that a browser comes back from, if it is the one that set out. @throws ConsentError */
async function requireAttempt(
  { state: table, clock }: Services,
  state: string,
  { browserWordFor }: Return,
): Promise<{ attempt: ConsentAttempt; browserWord: string }> {
  const attempt = await table.consents.getAttempt(digestOf(state));
  if (attempt === undefined || attempt.validUntil <= clock.now()) throw new ConsentError('attempt-unknown');
  const browserWord = browserWordFor(state);
  if (browserWord === undefined || !isDigestOf(browserWord, attempt.browser)) {
    throw new ConsentError('other-browser');
  }
  return { attempt, browserWord };
}

/** @throws ConsentError */
async function exchange(
  { vault, clock, environment, hostResolver }: Services,
  { signIn, way, place }: ConsentTarget,
  given: {
    readonly answer: Return;
    readonly state: string;
    readonly browserWord: string;
    readonly redirectUri: string;
    readonly signal: AbortSignal;
  },
): Promise<GrantedToken & { readonly refreshToken: string }> {
  const { answer, state, browserWord, redirectUri, signal } = given;
  const { clientId, tokenUrl } = signIn;
  const { issuer } = way;
  const response = readAuthorizationResponse(answer.parameters, { state, issuer, clientId });
  if (response.kind === 'refused') {
    throw new ConsentError(response.refusal, { cause: { error: response.error } });
  }
  const service = signIn.secret ? await vault.getService(place) : undefined;
  let token: GrantedToken;
  try {
    token = await requestToken(
      {
        kind: 'authorization-code',
        tokenUrl,
        clientId,
        scopes: way.scopes,
        authentication: clientAuthentication(service),
        code: response.code,
        redirectUri,
        codeVerifier: codeVerifierOf(browserWord, state),
        ...(issuer !== undefined && { identity: { issuer, nonce: nonceOf(browserWord, state) } }),
      },
      {
        clock,
        policy: { allowPrivate: environment.allowPrivateAddresses },
        wait: { signal, deadlineMs: TOKEN_MS },
        resolver: hostResolver,
      },
    );
  } catch (error) {
    if (!(error instanceof ImapError)) throw error;
    throw new ConsentError(error instanceof TokenError ? REFUSALS[error.problem] : 'service-failed', {
      cause: { reason: error.reason },
    });
  }
  if (!isGranted(signIn.scopes, token.scopes)) throw new ConsentError('scope-missing');
  const { refreshToken } = token;
  if (refreshToken === undefined) throw new ConsentError('not-lasting');
  return { ...token, refreshToken };
}

/** What the trouble with a code means to the user who brought it. */
const REFUSALS: Readonly<Record<TokenProblem, ConsentRefusal>> = {
  // The code was used before or is too old: the service wants to be asked again.
  'consent-missing': 'attempt-unknown',
  'admin-consent-missing': 'admin-approval',
  'client-refused': 'client-refused',
  'key-unusable': 'client-refused',
  'clock-skew': 'client-refused',
  'endpoint-insecure': 'client-refused',
  unreachable: 'service-failed',
  timeout: 'service-failed',
  'service-failed': 'service-failed',
  'answer-unreadable': 'answer-unreadable',
  'answer-too-large': 'answer-unreadable',
};

async function store(
  services: Services,
  { mailbox }: ConsentTarget,
  side: 'source' | 'destination',
  refreshToken: string,
): Promise<void> {
  const secret = { kind: 'refresh-token', refreshToken } as const;
  try {
    await replaceCredential(
      services,
      mailbox,
      (wanted) => (wanted[side] === 'refresh-token' ? { [side]: secret } : {}),
      { by: 'consent' },
    );
  } catch (error) {
    const closed = [MigrationClosedError, CredentialsGoneError, CredentialIncompleteError];
    if (closed.some((type) => error instanceof type)) throw new ConsentError('closed', { cause: error });
    throw error;
  }
}
