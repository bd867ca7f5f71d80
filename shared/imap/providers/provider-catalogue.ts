import { aol } from './profiles/aol.ts';
import { courier } from './profiles/courier.ts';
import { cyrus } from './profiles/cyrus.ts';
import { dovecot } from './profiles/dovecot.ts';
import { exchangeOnPremises } from './profiles/exchange-on-premises.ts';
import { exchangeOnline } from './profiles/exchange-online.ts';
import { fastmail } from './profiles/fastmail.ts';
import { gmail } from './profiles/gmail.ts';
import { gmx } from './profiles/gmx.ts';
import { googleWorkspace } from './profiles/google-workspace.ts';
import { hotmail } from './profiles/hotmail.ts';
import { icloud } from './profiles/icloud.ts';
import { mirapoint } from './profiles/mirapoint.ts';
import { other } from './profiles/other.ts';
import { outlook } from './profiles/outlook.ts';
import { yahoo } from './profiles/yahoo.ts';
import { zoho } from './profiles/zoho.ts';
import type { ProviderProfile } from './provider-profile.ts';

/** In the order in which an administrator is offered them. */
export const PROVIDERS: readonly ProviderProfile[] = [
  gmail,
  googleWorkspace,
  outlook,
  hotmail,
  yahoo,
  aol,
  icloud,
  zoho,
  fastmail,
  gmx,
  exchangeOnline,
  exchangeOnPremises,
  dovecot,
  courier,
  cyrus,
  mirapoint,
  other,
];

export function profileById(id: string): ProviderProfile | undefined {
  return PROVIDERS.find((profile) => profile.id === id);
}

/** The provider whose server this is; `other` for a name that nobody is known by. */
export function profileForHost(host: string): ProviderProfile {
  return PROVIDERS.find(({ knownHosts }) => knownHosts.some((known) => isNamed(host, known))) ?? other;
}

/** The provider of a server, as it was chosen or else as its name tells. */
export function profileOf(endpoint: { readonly host: string; readonly provider?: string }): ProviderProfile {
  const chosen = endpoint.provider === undefined ? undefined : profileById(endpoint.provider);
  return chosen === undefined || chosen === other ? profileForHost(endpoint.host) : chosen;
}

/** Who takes the mail of a domain, by one of its mail exchangers, and where that mail is read. */
export function providerByMailExchanger(
  exchanger: string,
): { profile: ProviderProfile; host: string } | undefined {
  let best: { profile: ProviderProfile; host: string; known: string } | undefined;
  for (const profile of PROVIDERS) {
    for (const { name: known, imapHost = profile.host } of profile.mailExchangers) {
      if (imapHost === undefined || !isNamed(exchanger, known)) continue;
      // A whole name says more than the domain that it lies in.
      if (best === undefined || known.length > best.known.length) best = { profile, host: imapHost, known };
    }
  }
  return best;
}

/** @param known a host name; with a leading dot, every name below */
function isNamed(host: string, known: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return known.startsWith('.') ? name.endsWith(known) : name === known;
}
