/** The options of `startCyrus`. */
export interface CyrusOptions {
  /** Login name to password; more by `addUser`. */
  users?: Record<string, string>;
  /**
   * How folders are named. `slashes`, as Cyrus itself has it from version 3 on: no prefix, separator `/`. `netnews`, as
   * Debian has it: prefix `INBOX.`, separator `.`. Default `slashes`.
   */
  names?: 'slashes' | 'netnews';
  /** Any settings of imapd.conf: `{ autocreate_quota: '1000' }`. */
  settings?: Record<string, string>;
}

/** The text of a private instance's imapd.conf, for paths within its root. */
export function cyrusSettings(options: CyrusOptions): string {
  const slashes = options.names !== 'netnews';
  const settings: Record<string, string> = {
    configdirectory: '/var/lib/cyrus',
    proc_path: '/run/cyrus/proc',
    mboxname_lockpath: '/run/cyrus/lock',
    defaultpartition: 'default',
    'partition-default': '/var/spool/cyrus/mail',
    servername: 'localhost',
    syslog_prefix: 'cyrus',
    altnamespace: slashes ? 'yes' : 'no',
    unixhierarchysep: slashes ? 'yes' : 'no',
    // 0: the INBOX is made, and without a quota
    autocreate_quota: '0',
    virtdomains: 'userid',
    defaultdomain: 'localhost',
    admins: 'cyrus',
    allowplaintext: 'yes',
    sasl_pwcheck_method: 'auxprop',
    sasl_auxprop_plugin: 'sasldb',
    sasl_sasldb_path: '/var/lib/cyrus/sasldb2',
    sasl_mech_list: 'PLAIN LOGIN',
    tls_server_cert: '/etc/server.pem',
    tls_server_key: '/etc/server.key',
    // The mail is thrown away: nothing of it need outlive a loss of power.
    skiplist_unsafe: '1',
    ...options.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

/** The text of cyrus.conf. */
export function cyrusServices(port: number, tlsPort: number): string {
  const service = (name: string, command: string, on: number): string =>
    `  ${name} cmd="${command}" listen="127.0.0.1:${on}" prefork=0 maxchild=500\n`;
  return [
    'START {\n  recover cmd="ctl_cyrusdb -r"\n}\n',
    `SERVICES {\n${service('imap', 'imapd -U 100', port)}${service('imaps', 'imapd -s -U 100', tlsPort)}}\n`,
    'EVENTS {\n}\n',
  ].join('');
}
