import type { OpenMailbox } from '../imap/mailbox/open-mailbox.ts';
import { ProtocolError } from '../imap/errors.ts';
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
  /** Resolves when what comes next may be asked for. Does not reject, but need not resolve. */
  readonly allAsked: Promise<void>;
}

/**
 * The end of a lane that is read from. What comes next can be asked for before its turn: its messages then come right
 * behind those of the piece before. Nothing else must wait for an answer behind them, so everything but their own turn
 * gives them up.
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
  /** Sends the first commands at once, behind the one that opens the folder. */
  const begin = (path: MailboxName, uids: readonly number[], opened: Promise<OpenMailbox>): Asked => {
    const undelivered = new Map<number, UndeliveredMessage>();
    const allAsked = Promise.withResolvers<void>();
    const iterator = fetchMessages(connection, uids, wait, {
      onUndelivered: (message) => undelivered.set(message.uid, message),
      onAllAsked: allAsked.resolve,
      beforeAskingAgain: async () => {
        if (asked !== own) giveUp();
        const [before, now] = [await opened, await end.open(path)];
        if (now.uidValidity !== before.uidValidity) {
          throw new ProtocolError('The folder was replaced by another one while it was read.');
        }
      },
    });
    const first = iterator.next();
    first.catch(() => undefined); // heard by whoever goes through them
    const own: Asked = {
      path,
      uids,
      undelivered,
      allAsked: allAsked.promise,
      messages: goThrough(first, iterator),
      giveUp: () => {
        iterator.return(undefined).catch(() => undefined);
      },
    };
    return own;
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
      if (asked !== undefined && isSame(asked, path, uids)) return;
      giveUp();
      const opened = end.open(path);
      const ahead = uids.length > 0 ? begin(path, uids, opened) : undefined;
      asked = ahead;
      // A server may answer for the folder that was open before: nobody wants that, and it must not stand in the way.
      opened.catch(() => {
        if (asked === ahead) giveUp();
      });
    },
    fetch: async (path, uids) => {
      const opening = openForFetch(path);
      await opening;
      const here = asked;
      if (here !== undefined && isSame(here, path, uids)) {
        asked = undefined;
        return here;
      }
      giveUp();
      return begin(path, uids, opening);
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
