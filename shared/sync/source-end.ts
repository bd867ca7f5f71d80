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

/**
 * Servers may answer several FETCH commands of one mailbox together (Dovecot): what a later one asked for comes before
 * the tagged answer to an earlier one. So where messages are given up that are still to come, the folder is opened again
 * before anything else is asked of it: behind that answer nothing of theirs comes any more.
 */
export function sourceEnd(connection: ImapConnection, wait: Wait): SourceEnd {
  const end = laneEnd(connection, wait);
  let asked: Asked | undefined;
  const giveUp = (): void => {
    if (asked === undefined) return;
    asked.giveUp();
    asked = undefined;
    end.forget();
  };
  /** Sends the first commands at once. */
  const begin = (path: MailboxName, uids: readonly number[]): Asked => {
    const undelivered = new Map<number, UndeliveredMessage>();
    const iterator = fetchMessages(connection, uids, wait, {
      onUndelivered: (message) => undelivered.set(message.uid, message),
    });
    const first = iterator.next();
    first.catch(() => undefined); // heard by whoever goes through them
    return {
      path,
      uids,
      undelivered,
      messages: goThrough(first, iterator, () => end.forget()),
      giveUp: () => {
        iterator.return(undefined).catch(() => undefined);
      },
    };
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
    openForFetch: (path) => {
      if (asked !== undefined && !isSameMailbox(asked.path, path)) giveUp();
      return end.open(path);
    },
    askAhead: (path, uids) => {
      giveUp();
      const opened = end.open(path);
      const ahead = uids.length > 0 ? begin(path, uids) : undefined;
      asked = ahead;
      // A server may answer for the folder that was open before: nobody wants that, and it must not stand in the way.
      opened.catch(() => {
        if (asked === ahead) giveUp();
      });
    },
    fetch: async (path, uids) => {
      if (asked !== undefined && !isSame(asked, path, uids)) giveUp();
      await end.open(path);
      const here = asked;
      asked = undefined;
      return here ?? begin(path, uids);
    },
  };
}

function isSame(asked: Asked, path: MailboxName, uids: readonly number[]): boolean {
  return (
    isSameMailbox(asked.path, path) &&
    asked.uids.length === uids.length &&
    asked.uids.every((uid, index) => uid === uids[index])
  );
}

/** @param left called when they were left before their end */
async function* goThrough(
  first: Promise<IteratorResult<SourceMessage, void>>,
  iterator: AsyncGenerator<SourceMessage, void>,
  left: () => void,
): AsyncGenerator<SourceMessage> {
  let ended = false;
  try {
    for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
    ended = true;
  } finally {
    if (!ended) left();
    await iterator.return();
  }
}
