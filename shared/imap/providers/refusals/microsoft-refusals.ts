import type { KnownRefusal, ProviderRefusals } from '../../known-refusal.ts';
import { serverBusy } from './common-refusals.ts';

/**
 * Too many new logins in a while. Also said at every command when the sign-in names a mailbox that the account has
 * no access to, which only time tells apart.
 */
const notConnected: KnownRefusal = {
  pattern: /authenticated but not connected/i,
  code: 'exchange-not-connected',
  meaning: { kind: 'throttled', limit: 'connections' },
};

const blocked: KnownRefusal = {
  pattern: /account is blocked/i,
  code: 'microsoft-account-blocked',
  meaning: { kind: 'wrong-credential' },
};

const basicOff: KnownRefusal = {
  pattern: /basicauthblocked|basic authentication is (?:disabled|blocked)/i,
  code: 'exchange-basic-off',
  meaning: { kind: 'wrong-credential' },
};

const texts: readonly KnownRefusal[] = [notConnected, blocked, basicOff, serverBusy];

export const exchangeOnlineRefusals: ProviderRefusals = { signIn: 'exchange-online-sign-in', texts };

export const exchangeServerRefusals: ProviderRefusals = { signIn: 'exchange-server-sign-in', texts };

export const outlookRefusals: ProviderRefusals = { signIn: 'outlook-sign-in', texts };
