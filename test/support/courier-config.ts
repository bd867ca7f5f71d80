/** The options of `startCourier`. */
export interface CourierOptions {
  /** Login name to password; more by `addUser`. */
  users?: Record<string, string>;
  /** MAXPERIP: further ones are hung up on without a word. Debian has 20, the tests 200. */
  connectionsPerAddress?: number;
  /** Any settings of Courier's file `imapd`: `{ IMAP_KEYWORDS: '0' }`. */
  settings?: Record<string, string>;
}

const CAPABILITY =
  'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE';

/** What Courier's programs are told: the settings of its files `imapd` and `imapd-ssl` as Debian ships them. */
export function courierEnvironment(options: CourierOptions): Record<string, string> {
  return {
    IMAP_CAPABILITY: CAPABILITY,
    IMAP_CAPABILITY_TLS: `${CAPABILITY} AUTH=PLAIN`,
    IMAP_KEYWORDS: '1',
    IMAP_ACL: '1',
    IMAP_PROXY: '0',
    IMAP_PROXY_FOREIGN: '0',
    IMAP_IDLE_TIMEOUT: '60',
    IMAP_MAILBOX_SANITY_CHECK: '1',
    IMAP_DISABLETHREADSORT: '0',
    IMAP_CHECK_ALL_FOLDERS: '0',
    IMAP_OBSOLETE_CLIENT: '0',
    IMAP_USELOCKS: '1',
    IMAP_SHAREDINDEXFILE: '/etc/courier/shared/index',
    IMAP_ENHANCEDIDLE: '0',
    IMAP_TRASHFOLDERNAME: 'Trash',
    IMAP_EMPTYTRASH: 'Trash:7',
    IMAP_MOVE_EXPUNGE_TO_TRASH: '0',
    IMAP_STARTTLS: 'YES',
    IMAP_TLS_REQUIRED: '0',
    COURIERTLS: '/usr/bin/couriertls',
    TLS_CERTFILE: '/etc/courier/imapd.pem',
    TLS_VERIFYPEER: 'NONE',
    ...options.settings,
  };
}
