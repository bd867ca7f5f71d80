/**
 * Refusals of known providers that have words and a remedy of their own. The codes are stored and translated: add,
 * never rename.
 */
export const REFUSAL_CODES = [
  'google-app-password-needed',
  'google-sign-in',
  'google-web-sign-in',
  'google-imap-off',
  'google-imap-off-for-domain',
  'google-volume',
  'exchange-online-sign-in',
  'exchange-basic-off',
  'exchange-not-connected',
  'exchange-server-sign-in',
  'outlook-sign-in',
  'microsoft-account-blocked',
  'yahoo-sign-in',
  'yahoo-verify',
  'aol-sign-in',
  'icloud-sign-in',
  'zoho-sign-in',
  'zoho-imap-off',
  'fastmail-sign-in',
  'gmx-sign-in',
  'gmx-imap-off',
  'dovecot-connections',
  'sign-in-service-down',
  'sign-in-needs-tls',
  'too-many-connections',
  'server-busy',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];
