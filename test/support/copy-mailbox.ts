import { appendMessage } from './fill-mailbox.ts';
import { ImapTestClient, mailboxArgument, type MailboxAccess } from './imap-test-client.ts';
import type { CorpusMessage } from './mail-corpus.ts';
import { withResource } from './with-resource.ts';

/**
 * Copies a mailbox as another tool would have done before Mailhaul came: every folder and every byte, flags and
 * dates. Holds one folder in memory; meant for small mailboxes.
 */
export async function copyMailbox(source: MailboxAccess, destination: MailboxAccess): Promise<void> {
  await withResource(ImapTestClient.connect(source), (from) =>
    withResource(ImapTestClient.connect(destination), (to) => copyFolders(from, to)),
  );
}

async function copyFolders(from: ImapTestClient, to: ImapTestClient): Promise<void> {
  for (const { path } of await from.list()) {
    const target = to.pathOf(from.segmentsOf(path));
    const there = (await to.list()).some((folder) => folder.path === target);
    if (!there) await to.execute([`CREATE ${mailboxArgument(target)}`]);
    for (const message of await readFolder(from, path)) await appendMessage(to, target, message);
  }
}

type ReadMessage = Pick<CorpusMessage, 'flags' | 'internalDate' | 'bytes'>;

async function readFolder(client: ImapTestClient, path: string): Promise<ReadMessage[]> {
  let exists = false;
  await client.execute([`EXAMINE ${mailboxArgument(path)}`], {
    onUntagged: ({ text }) => {
      if (/^\* [1-9]\d* EXISTS$/i.test(text)) exists = true;
    },
  });
  if (!exists) return [];
  const messages: ReadMessage[] = [];
  await client.execute(['UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[])'], {
    onUntagged: ({ text, literals: [bytes] }) => {
      const flags = /FLAGS \(([^)]*)\)/i.exec(text)?.[1]?.split(' ') ?? [];
      const internalDate = /INTERNALDATE "([^"]*)"/i.exec(text)?.[1];
      if (bytes === undefined || internalDate === undefined) return;
      messages.push({
        flags: flags.filter((flag) => flag !== '' && flag !== '\\Recent'),
        internalDate,
        bytes: () => bytes,
      });
    },
  });
  return messages;
}
