import type { ProviderScript } from './provider-script.ts';

/** iCloud Mail: `FETCH RFC822` without a body, ESEARCH without UIDs. */
export function icloudScript(): ProviderScript {
  return {
    name: 'iCloud',
    host: 'imap.mail.me.com',
    greeting: '[CAPABILITY XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PLAIN] icloud ready',
    capabilities: {
      before: 'XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PLAIN',
      after:
        'XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 ACL QUOTA LITERAL+ NAMESPACE UIDPLUS CHILDREN BINARY UNSELECT SORT CATENATE URLAUTH LANGUAGE ESEARCH ESORT THREAD=ORDEREDSUBJECT THREAD=REFERENCES CONDSTORE ENABLE CONTEXT=SEARCH CONTEXT=SORT WITHIN SASL-IR SEARCHRES XSENDER X-NETSCAPE XSERVERINFO X-SUN-SORT ANNOTATE-EXPERIMENT-1 X-UNAUTHENTICATE X-SUN-IMAP X-ANNOTATEMORE XUM1 ID IDLE',
    },
    takesPasswords: true,
    folders: [
      { path: 'INBOX', attributes: ['\\Noinferiors'] },
      ...['Archive', 'Deleted Messages', 'Drafts', 'Junk', 'Notes', 'Sent Messages'].map((path) => ({
        path,
        attributes: ['\\HasNoChildren'],
      })),
    ],
    permanentFlags: ['\\Answered', '\\Flagged', '\\Draft', '\\Deleted', '\\Seen', '\\*'],
    okWords: (verb) => `${verb} completed`,
    unknownFolder: () => '[NONEXISTENT] Mailbox does not exist',
    brokenEsearch: true,
    withoutRfc822: true,
  };
}
