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
  const name = host.toLowerCase().replace(/\.$/, '');
  return PROVIDERS.find(({ knownHosts }) => knownHosts.some((known) => matches(name, known))) ?? other;
}

function matches(name: string, known: string): boolean {
  return known.startsWith('.') ? name.endsWith(known) : name === known;
}
