import fc from 'fast-check';
import { catalogueOf } from '../../../shared/i18n/catalogue-of.ts';
import { LANGUAGES } from '../../../shared/i18n/language.ts';
import { classifyServerText, type ImapError } from '../../../shared/imap/errors.ts';
import { PROVIDERS, profileById } from '../../../shared/imap/providers/provider-catalogue.ts';

/** `NO [CODE] words` as a client gets it. */
function refuse(provider: string, line: string, command = 'LOGIN'): ImapError {
  const [, status = '', responseCode, text = ''] =
    /^(NO|BAD|BYE) (?:\[([A-Z0-9-]+)[^\]]*\] ?)?(.*)$/.exec(line) ?? [];
  if (status !== 'NO' && status !== 'BAD' && status !== 'BYE') throw new Error(`not a refusal: ${line}`);
  const refusals = profileById(provider)?.refusals;
  if (refusals === undefined) throw new Error(`no provider: ${provider}`);
  return classifyServerText({ status, responseCode, text, command, refusals });
}

const wrong = { name: 'AuthenticationError', reason: 'authentication-failed' };
const denied = { name: 'AuthenticationError', reason: 'permission-denied' };
const crowded = { name: 'ThrottledError', limit: 'connections', namedByServer: false };
const slow = { name: 'ThrottledError', limit: 'rate', namedByServer: false };
const away = { name: 'CommandRefusedError', reason: 'server-error', retryable: true };
const full = { name: 'CommandRefusedError', reason: 'over-quota' };
const unencrypted = { name: 'TlsError', problem: 'tls-required' };

/** What servers say in the field, word for word. */
const SIGN_IN: ReadonlyArray<readonly [string, string, object, string | undefined]> = [
  [
    'gmail',
    'NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)',
    wrong,
    'google-app-password-needed',
  ],
  ['gmail', 'NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)', wrong, 'google-sign-in'],
  [
    'gmail',
    'NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)',
    wrong,
    'google-web-sign-in',
  ],
  [
    'gmail',
    'NO [ALERT] Web login required: https://support.google.com/mail/answer/78754',
    wrong,
    'google-web-sign-in',
  ],
  [
    'gmail',
    'NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)',
    wrong,
    'google-imap-off',
  ],
  [
    'google-workspace',
    'NO [ALERT] IMAP access is disabled for your domain. Please contact your domain administrator for questions about this feature. (Failure)',
    denied,
    'google-imap-off-for-domain',
  ],
  ['gmail', 'NO [ALERT] Too many simultaneous connections. (Failure)', crowded, 'too-many-connections'],
  ['gmail', 'NO [UNAVAILABLE] Temporary System Error (Failure)', away, 'server-busy'],
  ['exchange-online', 'NO AUTHENTICATE failed.', wrong, 'exchange-online-sign-in'],
  ['exchange-online', 'NO LOGIN failed.', wrong, 'exchange-online-sign-in'],
  [
    'exchange-online',
    'NO AUTHENTICATE failed. LogonDenied-BasicAuthBlocked-SkippedNoPassword',
    wrong,
    'exchange-basic-off',
  ],
  ['exchange-online', 'BAD Basic authentication is disabled.', wrong, 'exchange-basic-off'],
  ['exchange-online', 'BAD User is authenticated but not connected.', crowded, 'exchange-not-connected'],
  ['exchange-on-premises', 'NO LOGIN failed.', wrong, 'exchange-server-sign-in'],
  ['exchange-on-premises', 'NO Server Unavailable. 15', away, 'server-busy'],
  ['outlook', 'NO LOGIN failed.', wrong, 'outlook-sign-in'],
  [
    'outlook',
    'NO LOGIN failed. Account is blocked. Login to your account via a web browser to verify your identity.',
    wrong,
    'microsoft-account-blocked',
  ],
  ['yahoo', 'NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials', wrong, 'yahoo-sign-in'],
  ['yahoo', 'NO [AUTHENTICATIONFAILED] (#MBR1212) Incorrect username or password.', wrong, 'yahoo-sign-in'],
  ['yahoo', 'NO [AUTHENTICATIONFAILED] (#MBR1240) Please verify your account', wrong, 'yahoo-verify'],
  ['yahoo', 'NO [LIMIT] Too many simultaneous connections', crowded, 'too-many-connections'],
  ['yahoo', 'NO [LIMIT] LOGIN Rate limit hit.', slow, 'server-busy'],
  ['yahoo', 'NO [UNAVAILABLE] LOGIN Server error - Please try again later', slow, 'server-busy'],
  ['yahoo', 'NO [SERVERBUG] LOGIN Server error - Please try again later', slow, 'server-busy'],
  ['aol', 'NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials', wrong, 'aol-sign-in'],
  ['icloud', 'NO [AUTHENTICATIONFAILED] Authentication Failed', wrong, 'icloud-sign-in'],
  ['icloud', 'BAD [UNAVAILABLE] Service temporarily unavailable', away, 'server-busy'],
  [
    'zoho',
    'NO [ALERT] You are yet to enable IMAP for your account. Please contact your administrator (Failure)',
    wrong,
    'zoho-imap-off',
  ],
  ['zoho', 'NO [AUTHENTICATIONFAILED] Invalid credentials(Failure)', wrong, 'zoho-sign-in'],
  ['zoho', 'NO [ALERT] Too many simultaneous connections. (Failure)', crowded, 'too-many-connections'],
  ['fastmail', 'NO Incorrect username or password.', wrong, 'fastmail-sign-in'],
  ['fastmail', 'NO Incorrect username, password or access token.', wrong, 'fastmail-sign-in'],
  [
    'fastmail',
    'NO [AUTHENTICATIONFAILED] Sorry, you need to create an app password to use this service',
    wrong,
    'fastmail-sign-in',
  ],
  ['gmx', 'NO authentication failed', wrong, 'gmx-sign-in'],
  ['gmx', 'NO IMAP access disabled', wrong, 'gmx-imap-off'],
  [
    'gmx',
    'NO imap login failed; maximum limit of simultaneous connections exceeded',
    crowded,
    'too-many-connections',
  ],
  [
    'dovecot',
    'NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
    crowded,
    'dovecot-connections',
  ],
  [
    'dovecot',
    'NO [UNAVAILABLE] Temporary authentication failure. [mail1:2026-01-01 12:00:00]',
    away,
    'sign-in-service-down',
  ],
  [
    'dovecot',
    'NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.',
    unencrypted,
    'sign-in-needs-tls',
  ],
  ['dovecot', 'NO [AUTHENTICATIONFAILED] Authentication failed.', wrong, undefined],
  [
    'other',
    'NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
    crowded,
    'dovecot-connections',
  ],
  ['courier', 'NO Login failed.', wrong, undefined],
  ['cyrus', 'NO Login failed: authentication failure', wrong, undefined],
  ['cyrus', 'NO Login failed: generic failure', away, 'sign-in-service-down'],
  ['cyrus', 'NO Login only available under a layer', unencrypted, 'sign-in-needs-tls'],
];

const WHILE_WORKING: ReadonlyArray<readonly [string, string, string, object, string | undefined]> = [
  [
    'gmail',
    'FETCH',
    'BYE [OVERQUOTA] Account exceeded command or bandwidth limits.',
    { name: 'ThrottledError', limit: 'rate', waitMs: 3_600_000, namedByServer: true },
    'google-volume',
  ],
  [
    'gmail',
    'APPEND',
    'NO [ALERT] Account exceeded command or bandwidth limits. (Failure)',
    { name: 'ThrottledError', waitMs: 3_600_000 },
    'google-volume',
  ],
  ['gmail', 'FETCH', 'BYE Session expired, please login again.', slow, 'google-volume'],
  [
    'exchange-online',
    'APPEND',
    'BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds',
    { name: 'ThrottledError', waitMs: 299_961, namedByServer: true },
    undefined,
  ],
  [
    'exchange-online',
    'SELECT',
    'BAD User is authenticated but not connected.',
    crowded,
    'exchange-not-connected',
  ],
  ['exchange-online', 'FETCH', 'NO Server Unavailable. 15', away, 'server-busy'],
  ['yahoo', 'UID FETCH', 'NO [LIMIT] UID FETCH Rate limit hit.', slow, 'server-busy'],
  [
    'yahoo',
    'UID FETCH',
    'NO [SERVERBUG] UID FETCH Server error - Please try again later',
    slow,
    'server-busy',
  ],
  ['courier', 'APPEND', 'NO [ALERT] You exceeded your mail quota.', full, undefined],
  ['cyrus', 'APPEND', 'NO [OVERQUOTA] Over quota', full, undefined],
  ['dovecot', 'APPEND', 'NO [OVERQUOTA] Quota exceeded (mailbox for user is full)', full, undefined],
  [
    'dovecot',
    'CREATE',
    "NO [CANNOT] Mailbox doesn't allow inferior mailboxes",
    { name: 'CommandRefusedError', reason: 'folder-refused' },
    undefined,
  ],
  [
    'dovecot',
    'SELECT',
    'NO [SERVERBUG] Internal error occurred. Refer to server log for more information.',
    away,
    'server-busy',
  ],
];

describe('what a known provider says', () => {
  test.each(SIGN_IN)('while signing in at %s: %s', (provider, line, meaning, refusal) => {
    const error = refuse(provider, line);
    expect(error).toMatchObject(meaning);
    expect(error.refusal).toBe(refusal);
  });

  test.each(WHILE_WORKING)('%s to %s: %s', (provider, command, line, meaning, refusal) => {
    const error = refuse(provider, line, command);
    expect(error).toMatchObject(meaning);
    expect(error.refusal).toBe(refusal);
  });

  test('holds for that provider alone', () => {
    const line = 'NO [ALERT] Your account is not enabled for IMAP use.';
    expect(refuse('gmail', line).refusal).toBe('google-imap-off');
    expect(refuse('cyrus', line).refusal).toBeUndefined();
  });

  test('has a remedy in every language, and never that of another provider', () => {
    for (const [provider, , , refusal] of SIGN_IN) {
      if (refusal === undefined) continue;
      for (const language of LANGUAGES) {
        const { summary, remedy } =
          catalogueOf(language).providers.refusals[
            refuse(provider, SIGN_IN.find((row) => row[0] === provider && row[3] === refusal)?.[1] ?? '')
              .refusal ?? 'server-busy'
          ];
        expect(summary).not.toBe('');
        expect(remedy).not.toBe('');
      }
    }
  });
});

describe('the patterns of known refusals', () => {
  const patterns = PROVIDERS.flatMap(({ refusals }) => refusals.texts.map(({ pattern }) => pattern));

  test.each([...new Set(patterns.map(({ source }) => source))])(
    'take time that grows with the text alone: %s',
    (source) => {
      // Nothing that repeats, so that from each place of the text only so many characters are looked at.
      expect(source.replaceAll(/\\./g, 'x')).not.toMatch(/[*+{]/);
    },
  );

  test('keep no place between two texts', () => {
    expect(patterns.filter(({ global, sticky }) => global || sticky)).toEqual([]);
  });

  test('are tried on whatever a server says without failing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PROVIDERS.map(({ id }) => id)),
        fc.string({ unit: 'binary', maxLength: 3_000 }),
        fc.constantFrom('LOGIN', 'APPEND'),
        (provider, text, command) => {
          const refusals = profileById(provider)?.refusals;
          const error = classifyServerText({ status: 'NO', text, command, refusals });
          expect((error.serverText ?? '').length).toBeLessThanOrEqual(500);
        },
      ),
    );
  });
});
