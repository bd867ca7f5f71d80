/** The options of {@link startDovecot} that shape its configuration file. */
export interface DovecotOptions {
  /**
   * What the server advertises in place of all that it can do, e.g. 'IMAP4rev1 LITERAL+' (imap_capability). Without it
   * the environment variable MAILHAUL_TEST_CAPABILITY counts: whole suites run against lesser servers that way.
   */
  capability?: string;
  /** Login name to password; more by `addUser`. */
  users?: Record<string, string>;
  /** May log in as any user: `user*master` or SASL PLAIN with an authorisation identity. */
  masterUser?: { user: string; password: string };
  /** Takes tokens, and asks an OAuth server about each (RFC 7662). */
  oauth?: {
    introspectionUrl: string;
    /** What of the answer must be the user's name; an application's token is good for every user without. */
    userAttribute?: string;
  };
  /** false: the server knows no TLS at all. Default true: STARTTLS on `port`, implicit TLS on `tlsPort`. */
  tls?: boolean;
  /** Names that the certificate is good for, when they are to be wrong: 'DNS:mail.example.com'. */
  certificateNames?: string;
  /** Any Dovecot settings; a slash nests: `{ 'namespace inbox/prefix': 'INBOX.', 'plugin/quota': 'count:User' }`. */
  settings?: Record<string, string>;
  /** How mail is stored: sdbox (separator `/`, sizes indexed) or maildir (separator `.`). Default sdbox. */
  mailLocation?: 'sdbox' | 'maildir';
}

export interface DovecotPlace {
  folder: string;
  port: number;
  tlsPort: number;
  /** Name of the user who runs the server; undefined for root, where the package's own users serve. */
  unprivilegedUser: { name: string; group: string } | undefined;
  mailUid: number;
  mailGid: number;
}

/** The text of a private instance's dovecot.conf (Dovecot 2.3). */
export function dovecotConfig(place: DovecotPlace, options: DovecotOptions): string {
  const { folder } = place;
  const tls = options.tls ?? true;
  const settings: Record<string, string> = {
    base_dir: `${folder}/run`,
    state_dir: `${folder}/state`,
    log_path: `${folder}/dovecot.log`,
    protocols: 'imap',
    listen: '127.0.0.1',
    'service imap-login/inet_listener imap/port': String(place.port),
    'service imap-login/inet_listener imaps/port': String(tls ? place.tlsPort : 0),
    'service imap-login/inet_listener imaps/ssl': tls ? 'yes' : 'no',
    // one login process for all connections, imap processes used again: a connection costs no fork
    'service imap-login/service_count': '0',
    'service imap-login/process_min_avail': '1',
    'service imap-login/chroot': '',
    'service anvil/chroot': '',
    'service imap/service_count': '100',
    'service imap/process_limit': '500',
    ssl: tls ? 'yes' : 'no',
    ...(tls ? { ssl_cert: `<${folder}/server.pem`, ssl_key: `<${folder}/server.key` } : {}),
    disable_plaintext_auth: 'no',
    auth_mechanisms: 'plain login',
    auth_username_chars: '',
    auth_failure_delay: '0',
    // no growing delay after wrong passwords from one address
    'service anvil/unix_listener anvil-auth-penalty/mode': '0',
    'service auth/client_limit': '5000',
    'passdb users/driver': 'passwd-file',
    'passdb users/args': `username_format=%u ${folder}/users`,
    'userdb users/driver': 'static',
    'userdb users/args': `uid=${place.mailUid} gid=${place.mailGid} home=${folder}/mail/%u allow_all_users=yes`,
    mail_location: options.mailLocation === 'maildir' ? 'maildir:~/Maildir' : 'sdbox:~/sdbox',
    mail_fsync: 'never',
    mail_max_userip_connections: '1000',
    'namespace inbox/inbox': 'yes',
    ...Object.fromEntries(
      ['Drafts', 'Junk', 'Sent', 'Trash'].map((use) => [
        `namespace inbox/mailbox ${use}/special_use`,
        `\\${use}`,
      ]),
    ),
  };
  if (place.unprivilegedUser !== undefined) {
    settings.default_internal_user = place.unprivilegedUser.name;
    settings.default_internal_group = place.unprivilegedUser.group;
    settings.default_login_user = place.unprivilegedUser.name;
  }
  const capability = options.capability ?? process.env['MAILHAUL_TEST_CAPABILITY'];
  if (capability !== undefined) settings.imap_capability = capability;
  if (options.masterUser !== undefined) {
    settings.auth_master_user_separator = '*';
    settings['passdb masters/driver'] = 'passwd-file';
    settings['passdb masters/args'] = `${folder}/masters`;
    settings['passdb masters/master'] = 'yes';
  }
  if (options.oauth !== undefined) {
    settings.auth_mechanisms = 'plain login xoauth2 oauthbearer';
    settings['passdb users/mechanisms'] = 'plain login';
    settings['passdb tokens/driver'] = 'oauth2';
    settings['passdb tokens/mechanisms'] = 'xoauth2 oauthbearer';
    settings['passdb tokens/args'] = `${folder}/oauth2.conf`;
  }
  Object.assign(settings, options.settings);
  return sectionText(Object.entries(settings).map(([path, value]) => ({ path: path.split('/'), value })));
}

/** Settings of one section stand together: Dovecot refuses a second section of the same name. */
function sectionText(settings: readonly { path: string[]; value: string }[]): string {
  const lines: string[] = [];
  const sections = new Map<string, { path: string[]; value: string }[]>();
  for (const { path, value } of settings) {
    const [name = '', ...rest] = path;
    if (rest.length === 0) lines.push(`${name} = ${value}\n`);
    else sections.set(name, [...(sections.get(name) ?? []), { path: rest, value }]);
  }
  for (const [name, inner] of sections) lines.push(`${name} {\n${sectionText(inner)}}\n`);
  return lines.join('');
}

/** The text of the file that tells Dovecot how to judge a token. */
export function tokenConfig({
  introspectionUrl,
  userAttribute,
}: NonNullable<DovecotOptions['oauth']>): string {
  return [
    'introspection_mode = post',
    `introspection_url = ${introspectionUrl}`,
    'active_attribute = active',
    'active_value = true',
    // Both names are compared in this form: where it holds nothing of them, any user will do.
    ...(userAttribute === undefined
      ? ['username_attribute = client_id', 'username_format = any']
      : [`username_attribute = ${userAttribute}`]),
    '',
  ].join('\n');
}

/** One line of a passwd-file; the password is encoded so that it may hold any character. */
export function passwdLine(user: string, password: string): string {
  return `${user}:{PLAIN.B64}${Buffer.from(password).toString('base64')}::::::\n`;
}
