import type { ImapConnection } from '../wire/imap-connection.ts';
import type { Wait } from '../wire/wait.ts';
import { BodyReader } from './body-reader.ts';
import { MessageFetch } from './message-fetch.ts';
import type { SourceMessage, UndeliveredMessage } from './source-message.ts';

/** Messages asked for by one command; a running FETCH cannot be called off. */
const MESSAGES_PER_COMMAND = 250;

export interface FetchMessagesOptions {
  /** Told of each message that exists but whose body does not come, as soon as that is known. */
  onUndelivered?: (message: UndeliveredMessage) => void;
  /** No further command will be sent, unless the server leaves out what it was asked for. */
  onAskedWhole?: () => void;
  /**
   * Called before each command that is sent later than at the start, which then waits for what it returns; what that
   * rejects with ends the messages. For callers who open another mailbox behind the first commands.
   */
  beforeMore?: () => Promise<void> | undefined;
  /** Default 250. */
  messagesPerCommand?: number;
}

/**
 * Messages of the selected mailbox with their bodies, as streams, without marking them as read. Several commands
 * are in flight; when the caller is slow, the socket is not read.
 *
 * UIDs that are gone simply do not come. Messages come in the server's order. When the caller leaves the loop
 * early, what the server still sends is thrown away: destroy the connection where that may be much.
 *
 * @param uids ascending
 * @throws what `ImapConnection.run` throws; a body whose connection is lost throws too and is never cut short
 */
export async function* fetchMessages(
  c: ImapConnection,
  uids: readonly number[],
  wait: Wait,
  options: FetchMessagesOptions = {},
): AsyncGenerator<SourceMessage> {
  if (uids.length === 0) return;
  const fetch = new MessageFetch(c, uids, {
    wait,
    messagesPerCommand: options.messagesPerCommand ?? MESSAGES_PER_COMMAND,
    undelivered: options.onUndelivered ?? (() => undefined),
    askedWhole: options.onAskedWhole ?? (() => undefined),
    beforeMore: options.beforeMore ?? (() => undefined),
  });
  fetch.start();
  try {
    for (;;) {
      const event = fetch.events.poll() ?? (await fetch.events.take());
      if (event === undefined) return;
      if (event.kind !== 'message') continue;
      const { uid, flags, internalDate, size } = event;
      const body = new BodyReader(fetch.events);
      yield { uid, flags, internalDate, size, body };
      if (!body.ended) await body.drain();
    }
  } finally {
    fetch.stop();
  }
}
