import type { ProviderScript } from './provider-script.ts';

const NAMES = {
  english: ['Archive', 'Deleted Items', 'Drafts', 'Junk Email', 'Outbox', 'Sent Items'],
  german: ['Archiv', 'Gelöschte Elemente', 'Entwürfe', 'Junk-E-Mail', 'Postausgang', 'Gesendete Elemente'],
} as const;
/** Listed, and without mail. */
const OTHER_ITEMS = ['Calendar', 'Contacts', 'Journal', 'Notes', 'Tasks'] as const;

const ARGUMENT_ERROR = 'BAD Command Argument Error. 11';
const LONGEST_LINE = 10_000;

/** Exchange Online: no CONDSTORE, SPECIAL-USE, MOVE, QUOTA, APPENDLIMIT, MULTIAPPEND. */
export function exchangeScript(options: { language?: keyof typeof NAMES } = {}): ProviderScript {
  const { language = 'english' } = options;
  const capabilities =
    'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+';
  return {
    name: 'Microsoft.Exchange.Imap4.Imap4Server',
    host: 'outlook.office365.com',
    greeting: 'The Microsoft Exchange IMAP4 service is ready.',
    capabilities: { before: capabilities, after: capabilities },
    takesPasswords: true,
    folders: [
      { path: 'INBOX', attributes: ['\\Marked', '\\HasNoChildren'] },
      ...[...NAMES[language], ...OTHER_ITEMS].map((path) => ({ path, attributes: ['\\HasNoChildren'] })),
    ],
    permanentFlags: ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft', '$MDNSent'],
    okWords: (verb) => `${verb} completed.`,
    unknownFolder: (path) => `${path} doesn't exist.`,
    caseInsensitive: true,
    longestLine: { bytes: 10_240, refusal: ARGUMENT_ERROR },
    mostErrors: { count: 10, bye: 'BYE Connection closed. 14' },
    // what the message would take without its line ends and with another header
    sizeOf: (bytes) => Math.ceil(bytes.length * 1.04) + 120,
    refuseName: (path) => (/^files$/i.test(path) ? 'NO CREATE failed. The name is reserved.' : undefined),
    refuseMessage: (bytes) => (bytes.length > 36_700_160 || hasLongLine(bytes) ? ARGUMENT_ERROR : undefined),
  };
}

function hasLongLine(bytes: Buffer): boolean {
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf('\r\n', start);
    const length = (end === -1 ? bytes.length : end) - start;
    if (length > LONGEST_LINE) return true;
    if (end === -1) return false;
    start = end + 2;
  }
  return false;
}
