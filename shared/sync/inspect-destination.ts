import { selectMailbox } from '../imap/mailbox/select-mailbox.ts';
import type { FlagRules } from '../imap/providers/provider-profile.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import type { PermittedFlags } from '../migration/flag-policy.ts';
import type { FolderRecord } from '../state/folder-record.ts';

/** What every server keeps (RFC 3501 2.3.2), for those that do not say what they keep. */
const SYSTEM_FLAGS = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'];

export interface InspectedDestination {
  readonly messages: number;
  readonly record: NonNullable<FolderRecord['destination']>;
}

/**
 * What the destination lets one store in a folder, and its UIDVALIDITY; the folder must be selected to be told.
 * @param options.rules of its provider, which hold whatever the server says
 */
export async function inspectDestination(
  destination: ImapConnection,
  path: string,
  { wait, rules }: { readonly rules?: FlagRules | undefined; readonly wait: Wait },
): Promise<InspectedDestination> {
  const opened = await selectMailbox(destination, path, wait);
  const permanentFlags = permittedBy(opened.permanentFlags, rules);
  return {
    messages: opened.messages,
    record: {
      uidValidity: opened.uidValidity,
      uidNext: opened.uidNext,
      ...(permanentFlags && { permanentFlags }),
    },
  };
}

function permittedBy(
  said: PermittedFlags | undefined,
  rules: FlagRules | undefined,
): PermittedFlags | undefined {
  if (rules === undefined) return said;
  const { flags, anyKeyword } = said ?? { flags: SYSTEM_FLAGS, anyKeyword: true };
  const { keywords = true, omit = [] } = rules;
  return { flags, anyKeyword: keywords && anyKeyword, ...(omit.length > 0 && { withheld: omit }) };
}
