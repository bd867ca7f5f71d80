/** Why a mailbox or a connection test cannot go on. The codes are stored and translated: add, never rename. */
export const FAILURE_REASONS = [
  'host-not-found',
  'connection-refused',
  'connection-timeout',
  'tls-untrusted',
  'tls-unavailable',
  'greeting-invalid',
  'connection-closed',
  'authentication-failed',
  'credential-missing',
  'sign-in-name-invalid',
  'user-root-missing',
  'token-refused',
  'token-unavailable',
  'consent-missing',
  'admin-consent-missing',
  'oauth-client-refused',
  'clock-skew',
  'permission-denied',
  'over-quota',
  'folder-refused',
  'throttled',
  'daily-volume',
  'server-error',
  'protocol-error',
  'command-timeout',
  'address-forbidden',
  'ledger-mismatch',
  'ledger-double-claim',
  'dead-letter',
  'internal',
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

export interface FailureDescription {
  /** What happened, one sentence. */
  summary: string;
  /** What to do about it, one or two sentences. */
  remedy: string;
}

const DESCRIPTIONS: Readonly<Record<FailureReason, FailureDescription>> = {
  'host-not-found': {
    summary: 'The server name does not exist.',
    remedy: 'Check the spelling of the server name, or choose the provider from the list.',
  },
  'connection-refused': {
    summary: 'The server refused the connection.',
    remedy: 'Check the port (993 for TLS, 143 for STARTTLS) and that IMAP is switched on at the server.',
  },
  'connection-timeout': {
    summary: 'The server did not answer in time.',
    remedy: 'Check the server name and port, and that its firewall lets this service in.',
  },
  'tls-untrusted': {
    summary: 'The certificate of the server cannot be trusted.',
    remedy:
      'Use the server name that the certificate is issued for, or add the certificate of its authority.',
  },
  'tls-unavailable': {
    summary: 'The server offers no encryption on this port.',
    remedy: 'Choose TLS on port 993, or ask the provider to switch STARTTLS on.',
  },
  'greeting-invalid': {
    summary: 'What answered is not an IMAP server.',
    remedy: 'Check the port and the security setting: TLS usually means port 993, STARTTLS port 143.',
  },
  'connection-closed': {
    summary: 'The server closed the connection.',
    remedy: 'It is tried again by itself. If it persists, ask the provider about limits on connections.',
  },
  'authentication-failed': {
    summary: 'The server did not accept the user name or password.',
    remedy: 'Correct them; many providers need an app password, and IMAP switched on for the account.',
  },
  'credential-missing': {
    summary: 'No password is known for this mailbox.',
    remedy: 'Enter the password or app password, or send the user the link to give it.',
  },
  'sign-in-name-invalid': {
    summary: 'The user name for the administrator to sign in with cannot be made.',
    remedy:
      'Check the form of the user name in the sign-in of the server, and that this user has all its parts.',
  },
  'user-root-missing': {
    summary: 'The folder at which the mailbox begins at the source is not there.',
    remedy: 'Check the UserRoot of the user, and that the account may see that folder.',
  },
  'token-refused': {
    summary: 'The mail server did not accept the OAuth 2.0 token.',
    remedy:
      'Check that the user name is the mailbox of the account, and that the application may open it by IMAP.',
  },
  'token-unavailable': {
    summary: 'The sign-in service gave no OAuth 2.0 token.',
    remedy: 'It is tried again by itself. If it persists, check the address of the token endpoint.',
  },
  'consent-missing': {
    summary: 'The consent to open this mailbox was withdrawn, has run out or was never given.',
    remedy: 'Give consent again for this mailbox; it then goes on where it ended.',
  },
  'admin-consent-missing': {
    summary: 'No administrator has allowed the application to open mailboxes.',
    remedy:
      'As an administrator, consent to the permissions of the application (Google: domain-wide delegation).',
  },
  'oauth-client-refused': {
    summary: 'The sign-in service does not accept the application.',
    remedy: 'Check the directory, the client ID, the scopes, and that its secret or key is valid.',
  },
  'clock-skew': {
    summary: 'The clock of this machine and that of the sign-in service differ too much.',
    remedy: 'Set the clock of this machine, by NTP say, then start the mailbox again.',
  },
  'permission-denied': {
    summary: 'The account that signed in may not open this mailbox or folder.',
    remedy: 'Give the administrator account full access to the mailbox, then start it again.',
  },
  'over-quota': {
    summary: 'The destination mailbox is full.',
    remedy: 'Raise its quota or free space in it, then start it again; it goes on where it ended.',
  },
  'folder-refused': {
    summary: 'The destination refused to create or open a folder.',
    remedy:
      'See the events of the mailbox for its name. Create it by hand or rename it at the source, then start again.',
  },
  throttled: {
    summary: 'The server asked to slow down.',
    remedy: 'Nothing is to be done: it resumes by itself at the time shown.',
  },
  'daily-volume': {
    summary: 'The account has moved as much mail as its provider allows in a day.',
    remedy: 'Nothing is to be done: it resumes by itself at the time shown.',
  },
  'server-error': {
    summary: 'The server reported an internal problem.',
    remedy: 'It is tried again by itself. If it persists, show the events of the mailbox to the provider.',
  },
  'protocol-error': {
    summary: 'The server sent something that is not valid IMAP.',
    remedy: 'Start the mailbox again. If it persists, report the server with the events of the mailbox.',
  },
  'command-timeout': {
    summary: 'The server stopped answering.',
    remedy: 'It is tried again by itself. If it persists, use fewer connections for this server.',
  },
  'address-forbidden': {
    summary: 'The server name leads to an address inside a private network, which is not allowed.',
    remedy:
      'Use the public name of the server; an operator can allow private addresses on an own installation.',
  },
  'ledger-mismatch': {
    summary: 'The record of what was copied does not agree with what the servers show.',
    remedy: 'Start the mailbox again: it compares both sides anew. Nothing was deleted.',
  },
  'ledger-double-claim': {
    summary: 'Two messages of the source are recorded as one message of the destination.',
    remedy:
      'One may be missing there. Compare the folder, or move this mailbox in a new migration, which copies only what is missing.',
  },
  'dead-letter': {
    summary: 'Work on the mailbox failed several times in a row.',
    remedy: 'See the events of the mailbox for the cause, mend it, then start the mailbox again.',
  },
  internal: {
    summary: 'Something went wrong in Mailhaul itself.',
    remedy: 'Start the mailbox again. If it persists, give the operator the time shown.',
  },
};

/** English; other languages translate by the code. */
export function describeFailure(reason: FailureReason): FailureDescription {
  return DESCRIPTIONS[reason];
}
