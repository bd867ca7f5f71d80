import type { ProviderRefusals } from '../../known-refusal.ts';
import { serverBusy, tooManyConnections } from './common-refusals.ts';

/** An account that has had its share of the day is let in again after an hour at the earliest, a day at the latest. */
const VOLUME_WAIT_MS = 3_600_000;

/** The words are those that https://support.google.com/mail/answer/78754 and /185833 are linked from. */
export const googleRefusals: ProviderRefusals = {
  signIn: 'google-sign-in',
  texts: [
    {
      pattern: /application-specific password required/i,
      code: 'google-app-password-needed',
      meaning: { kind: 'wrong-credential' },
    },
    {
      pattern: /log in via your web browser|web login required/i,
      code: 'google-web-sign-in',
      meaning: { kind: 'wrong-credential' },
    },
    {
      pattern: /not enabled for imap use/i,
      code: 'google-imap-off',
      meaning: { kind: 'wrong-credential' },
    },
    {
      pattern: /imap access is disabled for your domain/i,
      code: 'google-imap-off-for-domain',
      meaning: { kind: 'permission-denied' },
    },
    {
      // The response code is ALERT or OVERQUOTA, which has nothing to do with the size of the mailbox here.
      pattern: /exceeded command or bandwidth limits/i,
      code: 'google-volume',
      meaning: { kind: 'throttled', limit: 'rate', waitMs: VOLUME_WAIT_MS },
    },
    {
      // Also said when a session has grown old; then the wait of the general policy is short.
      pattern: /session expired/i,
      code: 'google-volume',
      meaning: { kind: 'throttled', limit: 'rate' },
    },
    tooManyConnections,
    serverBusy,
  ],
};
