import type { MailFolder } from './mail-folder.ts';
import type { ProviderScript } from './provider-script.ts';

const LABELS = {
  english: ['All Mail', 'Drafts', 'Important', 'Sent Mail', 'Spam', 'Starred', 'Trash'],
  german: ['Alle Nachrichten', 'Entwürfe', 'Wichtig', 'Gesendet', 'Spam', 'Markiert', 'Papierkorb'],
  polish: ['Wszystkie', 'Wersje robocze', 'Ważne', 'Wysłane', 'Spam', 'Oznaczone gwiazdką', 'Kosz'],
} as const;
const USES = ['\\All', '\\Drafts', '\\Important', '\\Sent', '\\Junk', '\\Flagged', '\\Trash'] as const;

/** The path of Gmail's folder of a special use. */
export function gmailFolder(use: (typeof USES)[number], language: keyof typeof LABELS = 'english'): string {
  return `[Gmail]/${LABELS[language][USES.indexOf(use)] ?? ''}`;
}

/**
 * Gmail and Google Workspace: folders are labels, one message is in many; names in the user's language.
 * @param options.shownMessages the setting "Limit IMAP folders to contain no more than this many messages"
 */
export function gmailScript(
  options: { language?: keyof typeof LABELS; shownMessages?: 1000 | 2000 | 5000 | 10_000 } = {},
): ProviderScript {
  const { language = 'english', shownMessages } = options;
  const common = 'IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1';
  return {
    name: 'GImap',
    host: 'imap.gmail.com',
    greeting: 'Gimap ready for requests from 127.0.0.1',
    capabilities: {
      before: `${common} XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER`,
      after: `${common} UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584`,
    },
    takesPasswords: true,
    folders: [
      { path: 'INBOX', attributes: ['\\HasNoChildren'] },
      { path: '[Gmail]', attributes: ['\\HasChildren', '\\Noselect'] },
      ...USES.map((use) => ({ path: gmailFolder(use, language), attributes: ['\\HasNoChildren', use] })),
    ],
    permanentFlags: [
      '\\Answered',
      '\\Flagged',
      '\\Draft',
      '\\Deleted',
      '\\Seen',
      '$NotPhishing',
      '$Phishing',
      '\\*',
    ],
    okWords: () => 'Success',
    unknownFolder: (path) => `[NONEXISTENT] Unknown Mailbox: ${path} (now in authenticated state) (Failure)`,
    labels: true,
    ...(shownMessages !== undefined && { shownMessages }),
    mostConnections: {
      count: 15,
      refusal: 'NO [ALERT] Too many simultaneous connections. (Failure)',
    },
    refuseName: (path) =>
      path.split('/').some((name) => name !== name.trim() || name.includes('^') || name === '')
        ? `NO [CANNOT] Invalid folder name: ${path} (Failure)`
        : undefined,
    refuseSize: (bytes) => (bytes > 35_651_584 ? 'NO [TOOBIG] Message too large. (Failure)' : undefined),
    settle: (folderAt, folder, uid) => settle(folderAt(gmailFolder('\\All', language)), folder, uid),
  };
}

/** Each message is in All Mail; one marked as deleted is there only; one that is there already is dropped. */
function settle(all: MailFolder, folder: MailFolder, uid: number): void {
  const mail = folder.find(uid)?.mail;
  if (mail === undefined) return;
  const twin = all.entries.find((entry) => entry.mail !== mail && entry.mail.bytes.equals(mail.bytes));
  if (twin !== undefined) {
    folder.remove(new Set([uid]));
    if (folder.entries.some((entry) => entry.mail === twin.mail)) return;
    // the new label is the old message's
    folder.entries.push({ uid, mail: twin.mail });
    return;
  }
  if (!all.entries.some((entry) => entry.mail === mail)) all.add(mail);
  const deleted = mail.flags.some((flag) => /^\\deleted$/i.test(flag));
  if (deleted && folder !== all) folder.remove(new Set([uid]));
}
