import { AuthenticationError, ImapError } from '../imap/errors.ts';
import { openSession } from '../imap/session/open-session.ts';
import type { GrantedToken } from '../oauth/grant.ts';
import type { Services } from '../services.ts';
import type { ConsentSide, ConsentTarget } from './consent-target.ts';
import { ConsentError } from './errors.ts';

/** For the sign-in at the mail server, in ms. */
const TOTAL_MS = 9_500;
const PER_STEP_MS = 4_000;

/**
 * Makes sure that the account that consented is the mailbox's: by the addresses that the service vouches for, else by a
 * sign-in at the mail server, which takes a token for its own account only.
 * @throws ConsentError
 */
export async function requireRightAccount(
  { environment, hostResolver }: Pick<Services, 'environment' | 'hostResolver'>,
  { account, endpoint }: Pick<ConsentTarget, 'account' | 'endpoint'>,
  { accessToken, addresses }: Pick<GrantedToken, 'accessToken' | 'addresses'>,
  side: ConsentSide,
  signal: AbortSignal,
): Promise<void> {
  if (addresses !== undefined && account.includes('@')) {
    if (addresses.some((address) => comparable(address) === comparable(account))) return;
    throw new ConsentError('wrong-account', { account });
  }
  const timeUp = AbortSignal.timeout(TOTAL_MS);
  try {
    const session = await openSession(
      endpoint,
      { kind: 'oauth', user: account, accessToken },
      {
        side,
        addressPolicy: { allowPrivate: environment.allowPrivateAddresses },
        wait: { signal: AbortSignal.any([signal, timeUp]), deadlineMs: PER_STEP_MS },
        resolver: hostResolver,
      },
    );
    session.close();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AuthenticationError) {
      throw new ConsentError('wrong-account', { account, cause: { reason: error.reason } });
    }
    if (!(error instanceof ImapError) && !timeUp.aborted) throw error;
    throw new ConsentError('mailbox-unreachable');
  }
}

/** Gmail takes its addresses with dots and without, by both of its domains, for one: support.google.com/mail/answer/7436150 */
function comparable(address: string): string {
  const lower = address.toLowerCase();
  const [, local, domain] = /^(.*)@([^@]*)$/.exec(lower) ?? [];
  if (local === undefined || (domain !== 'gmail.com' && domain !== 'googlemail.com')) return lower;
  return `${local.replaceAll('.', '')}@gmail.com`;
}
