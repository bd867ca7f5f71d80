import { authorizationAddress } from '../oauth/authorization-request.ts';
import type { Services } from '../services.ts';
import type { ConsentLink } from '../state/consent-repository.ts';
import { codeVerifierOf, digestOf, nonceOf } from './browser-word.ts';
import { readConsentTarget } from './consent-target.ts';
import { redirectUriOf } from './consent-way.ts';
import { ConsentError } from './errors.ts';

/** Minutes in which a user must have consented: signing in may take a telephone that is in another room. */
export const ATTEMPT_MS = 30 * 60_000;

/**
 * Mail programs and their guards open links before their readers do, so that opening one uses nothing up; but it does
 * not go on for ever.
 */
const OPENS_AT_MOST = 100;

/** Where the user goes, with what the browser keeps meanwhile. */
export interface Departure {
  readonly address: string;
  readonly state: string;
  readonly browserWord: string;
}

/** Sends a user from the link to the sign-in service. @throws ConsentError */
export async function openConsentLink(services: Services, word: string): Promise<Departure> {
  const { state: table, clock, words } = services;
  const link = await requireLink(services, digestOf(word));
  const { signIn, way, account } = await readConsentTarget(services, link);
  const state = words();
  const browserWord = words();
  const now = clock.now();
  const begun = await table.consents.begin(
    {
      digest: digestOf(state),
      link: link.digest,
      browser: digestOf(browserWord),
      validUntil: now + ATTEMPT_MS,
    },
    { now, opensAtMost: OPENS_AT_MOST },
  );
  if (!begun) {
    await requireLink(services, link.digest);
    throw new ConsentError('link-exhausted');
  }
  return {
    address: authorizationAddress({
      authorizationUrl: signIn.authorizationUrl,
      clientId: signIn.clientId,
      redirectUri: redirectUriOf(link.baseUrl, signIn),
      scopes: way.scopes,
      state,
      codeVerifier: codeVerifierOf(browserWord, state),
      nonce: way.issuer === undefined ? undefined : nonceOf(browserWord, state),
      loginHint: account.includes('@') ? account : undefined,
      parameters: way.parameters,
    }),
    state,
    browserWord,
  };
}

/** A link that may still be used. @throws ConsentError */
export async function requireLink(
  { state, clock }: Pick<Services, 'state' | 'clock'>,
  digest: string,
): Promise<ConsentLink> {
  const link = await state.consents.getLink(digest);
  if (link === undefined) throw new ConsentError('link-unknown');
  if (link.usedBy !== undefined) throw new ConsentError('link-used');
  if (link.validUntil <= clock.now()) throw new ConsentError('link-expired');
  return link;
}
