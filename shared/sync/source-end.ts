import type { OpenMailbox } from '../imap/mailbox/open-mailbox.ts';
import { fetchMessages } from '../imap/transfer/fetch-messages.ts';
import type { SourceMessage, UndeliveredMessage } from '../imap/transfer/source-message.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import { isSameMailbox, type MailboxName } from '../imap/wire/mailbox-argument.ts';
import type { Wait } from '../imap/wire/wait.ts';
import { type LaneEnd, laneEnd } from './lane-end.ts';

/** Messages on their way from the source. */
interface FetchedMessages {
  /** To be gone through once; see `fetchMessages`. */
  readonly messages: AsyncIterable<SourceMessage>;
  /** Those that exist and do not come, by UID; complete when the messages have ended. */
  readonly undelivered: ReadonlyMap<number, UndeliveredMessage>;
}

/**
 * The end of a lane that is read from. What comes next can be asked for before its turn; then nothing else must wait
 * for an answer behind it, so everything but its own turn gives it up.
 */
export interface SourceEnd extends LaneEnd {
  /** Opens a folder and asks for messages in it, in one flight. Whether they come is heard when it is their turn. */
  askAhead(path: MailboxName, uids: readonly number[]): void;
  /** As `open`, but leaves what was asked for ahead in this folder under way. */
  openForFetch(path: MailboxName): Promise<OpenMailbox>;
  /** Messages of a folder, which are on their way already if exactly these were asked for ahead. @param uids ascending */
  fetch(path: MailboxName, uids: readonly number[]): Promise<FetchedMessages>;
}

interface Asked extends FetchedMessages {
  readonly path: MailboxName;
  readonly uids: readonly number[];
  readonly giveUp: () => void;
}

export function sourceEnd(connection: ImapConnection, wait: Wait): SourceEnd {
  const end = laneEnd(connection, wait);
  let asked: Asked | undefined;
  const giveUp = (): void => {
    asked?.giveUp();
    asked = undefined;
  };
  const openForFetch = (path: MailboxName): Promise<OpenMailbox> => {
    if (asked !== undefined && !isSameMailbox(asked.path, path)) giveUp();
    return end.open(path);
  };
  return {
    connection,
    open: (path) => {
      giveUp();
      return end.open(path);
    },
    reopen: (path) => {
      giveUp();
      return end.reopen(path);
    },
    forget: () => {
      giveUp();
      end.forget();
    },
    openForFetch,
    askAhead: (path, uids) => {
      giveUp();
      const opened = end.open(path);
      const ahead = uids.length > 0 ? { path, uids, ...begin(connection, uids, wait) } : undefined;
      asked = ahead;
      // A server may answer for the folder that was open before: nobody wants that, and it must not stand in the way.
      opened.catch(() => {
        if (asked === ahead) giveUp();
      });
    },
    fetch: async (path, uids) => {
      await openForFetch(path);
      const here = asked;
      if (
        here !== undefined &&
        here.uids.length === uids.length &&
        here.uids.every((uid, i) => uid === uids[i])
      ) {
        asked = undefined;
        return here;
      }
      giveUp();
      return begin(connection, uids, wait);
    },
  };
}

/** Sends the first commands at once. */
function begin(
  connection: ImapConnection,
  uids: readonly number[],
  wait: Wait,
): FetchedMessages & { readonly giveUp: () => void } {
  const undelivered = new Map<number, UndeliveredMessage>();
  const iterator = fetchMessages(connection, uids, wait, {
    onUndelivered: (message) => undelivered.set(message.uid, message),
  });
  const first = iterator.next();
  first.catch(() => undefined); // heard by whoever goes through them
  return {
    undelivered,
    messages: goThrough(first, iterator),
    giveUp: () => {
      iterator.return(undefined).catch(() => undefined);
    },
  };
}

async function* goThrough(
  first: Promise<IteratorResult<SourceMessage, void>>,
  iterator: AsyncGenerator<SourceMessage, void>,
): AsyncGenerator<SourceMessage> {
  try {
    for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return();
  }
}
