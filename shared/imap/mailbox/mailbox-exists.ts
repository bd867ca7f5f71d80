import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import type { Wait } from '../wire/wait.ts';
import { comparableName, sentName } from './comparable-name.ts';

/** True when the server lists a mailbox of exactly this name. */
export async function mailboxExists(c: ImapConnection, path: MailboxName, wait: Wait): Promise<boolean> {
  const name = c.mailbox(path);
  let found = false;
  await c.run(['LIST "" ', name], wait, {
    untagged: (response) => {
      if (response.kind !== 'data' || response.name !== 'LIST') return false;
      // `*` and `%` in a name are wildcards here, so others may be listed, too
      const [attributes, , listed] = response.values;
      const exists = !(
        Array.isArray(attributes) && attributes.some((a) => /^\\NonExistent$/i.test(String(a)))
      );
      if (exists && comparableName(sentName(listed)) === comparableName(name)) found = true;
      return true;
    },
  });
  return found;
}
