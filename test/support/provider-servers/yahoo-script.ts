import type { ProviderScript } from './provider-script.ts';

/** Messages of a folder that `imap.mail.yahoo.com` shows. */
const SHOWN_MESSAGES = 10_000;

/**
 * Yahoo Mail.
 * @param options.export the host `export.imap.mail.yahoo.com`: shows all, and is for reading only
 * @param options.statusCountsHidden STATUS counts what is not shown, too
 */
export function yahooScript(
  options: { export?: boolean; statusCountsHidden?: boolean } = {},
): ProviderScript {
  const common = 'IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER ID';
  return {
    name: 'Yahoo',
    host: options.export === true ? 'export.imap.mail.yahoo.com' : 'imap.mail.yahoo.com',
    greeting: '[CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER ID] IMAP4rev1 Hello',
    capabilities: {
      before: common,
      after: `${common} MOVE NAMESPACE XYMHIGHESTMODSEQ UIDPLUS LITERAL+ CHILDREN X-MSG-EXT UNSELECT OBJECTID`,
    },
    takesPasswords: true,
    folders: [
      { path: 'INBOX', attributes: ['\\HasNoChildren'] },
      { path: 'Archive', attributes: ['\\Archive', '\\HasNoChildren'] },
      { path: 'Bulk', attributes: ['\\Junk', '\\HasNoChildren'] },
      { path: 'Draft', attributes: ['\\Drafts', '\\HasNoChildren'] },
      { path: 'Sent', attributes: ['\\Sent', '\\HasNoChildren'] },
      { path: 'Trash', attributes: ['\\Trash', '\\HasNoChildren'] },
    ],
    permanentFlags: ['\\Answered', '\\Deleted', '\\Draft', '\\Flagged', '\\Seen', '$Forwarded', '$Junk'],
    okWords: (verb) => `${verb} completed`,
    unknownFolder: () => '[NONEXISTENT] Mailbox does not exist',
    ...(options.export === true ? { readOnly: true } : { shownMessages: SHOWN_MESSAGES }),
    statusCountsHidden: options.statusCountsHidden === true,
    mostConnections: { count: 5, refusal: 'NO [LIMIT] Too many simultaneous connections' },
    // the end of the command's own line is taken for the message's
    refuseMessage: (bytes) =>
      bytes.subarray(-2).equals(Buffer.from('\r\n'))
        ? undefined
        : 'BAD [CLIENTBUG] Additional arguments found after last expected argument',
  };
}
