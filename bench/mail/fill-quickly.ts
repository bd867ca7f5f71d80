import { ImapTestClient, type MailboxAccess, mailboxArgument } from '../../test/support/imap-test-client.ts';
import { withResource } from '../../test/support/with-resource.ts';
import type { BenchMessage } from '../workloads/workload.ts';

const BATCH_MESSAGES = 200;
const TELL_EVERY = 100_000;
const BATCH_BYTES = 4 * 1024 * 1024;

export interface Filled {
  readonly messages: number;
  readonly bytes: number;
}

/** Creates the folders and appends the messages in their order, many by one command (MULTIAPPEND, RFC 3502). */
export async function fillQuickly(
  access: MailboxAccess,
  mail: { folders?: readonly string[]; messages: Iterable<BenchMessage> },
  progress: (line: string) => void = () => undefined,
): Promise<Filled> {
  return await withResource(ImapTestClient.connect(access), async (client) => {
    for (const folder of (mail.folders ?? []).filter((name) => name !== 'INBOX')) {
      await client.execute([`CREATE ${mailboxArgument(folder)}`]);
      await client.execute([`SUBSCRIBE ${mailboxArgument(folder)}`]);
    }
    const filled = { messages: 0, bytes: 0 };
    let batch: { folder: string; parts: (string | Buffer)[]; messages: number; bytes: number } | undefined;
    const send = async (): Promise<void> => {
      if (batch !== undefined) await client.execute(batch.parts);
      batch = undefined;
    };
    for (const { folder, flags, internalDate, bytes } of mail.messages) {
      const body = bytes();
      filled.messages += 1;
      filled.bytes += body.length;
      if (filled.messages % TELL_EVERY === 0) progress(`${filled.messages} messages`);
      if (batch?.folder !== folder || batch.messages >= BATCH_MESSAGES || batch.bytes >= BATCH_BYTES)
        await send();
      batch ??= { folder, parts: [`APPEND ${mailboxArgument(folder)}`], messages: 0, bytes: 0 };
      batch.parts.push(` (${flags.join(' ')}) "${internalDate}" `, body);
      batch.messages += 1;
      batch.bytes += body.length;
    }
    await send();
    return filled;
  });
}
