import { ImapTestClient, mailboxArgument, type MailboxAccess, TestImapError } from './imap-test-client.ts';
import type { CorpusMessage, MailCorpus } from './mail-corpus.ts';
import { withResource } from './with-resource.ts';

const WINDOW = 64;

/**
 * Creates the folders of a corpus and appends its messages in order, pipelined. Thousands of small messages
 * take seconds.
 */
export async function fillMailbox(access: MailboxAccess, corpus: Pick<MailCorpus, 'folders'>): Promise<void> {
  await withResource(ImapTestClient.connect(access), (client) => fillFolders(client, corpus, appendMessage));
}

/**
 * The same for servers that refuse some messages.
 * @returns the messages that it took
 */
export async function fillAsTaken(
  access: MailboxAccess,
  corpus: Pick<MailCorpus, 'folders'>,
): Promise<CorpusMessage[]> {
  const taken: CorpusMessage[] = [];
  await withResource(ImapTestClient.connect(access), (client) =>
    fillFolders(client, corpus, async (to, path, message) => {
      try {
        await appendMessage(to, path, message);
        taken.push(message);
      } catch (error) {
        if (!(error instanceof TestImapError)) throw error;
      }
    }),
  );
  return taken;
}

type Append = (client: ImapTestClient, path: string, message: CorpusMessage) => Promise<unknown>;

async function fillFolders(
  client: ImapTestClient,
  corpus: Pick<MailCorpus, 'folders'>,
  append: Append,
): Promise<void> {
  const existing = new Set((await client.list()).map(({ path }) => path));
  for (const { segments, messages } of corpus.folders) {
    const path = client.pathOf(segments);
    if (path !== 'INBOX' && !existing.has(path)) {
      await client.execute([`CREATE ${mailboxArgument(path)}`]);
      await client.execute([`SUBSCRIBE ${mailboxArgument(path)}`]);
    }
    await appendAll(client, path, messages, append);
  }
}

async function appendAll(
  client: ImapTestClient,
  path: string,
  messages: readonly CorpusMessage[],
  append: Append,
): Promise<void> {
  for (let from = 0; from < messages.length; from += WINDOW) {
    const window = messages.slice(from, from + WINDOW);
    await Promise.all(window.map((message) => append(client, path, message)));
  }
}

/** Appends one message; its UID where the server tells it (UIDPLUS). */
export async function appendMessage(
  client: ImapTestClient,
  path: string,
  message: Pick<CorpusMessage, 'flags' | 'internalDate' | 'bytes'>,
): Promise<number | undefined> {
  const head = `APPEND ${mailboxArgument(path)} (${message.flags.join(' ')}) "${message.internalDate}" `;
  const { text } = await client.execute([head, message.bytes()]);
  const uid = /\[APPENDUID \d+ (\d+)\]/i.exec(text)?.[1];
  return uid === undefined ? undefined : Number(uid);
}
