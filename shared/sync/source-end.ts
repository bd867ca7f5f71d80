import { examineMailbox } from '../imap/mailbox/examine-mailbox.ts';
import type { OpenMailbox } from '../imap/mailbox/open-mailbox.ts';
import { fetchMessages } from '../imap/transfer/fetch-messages.ts';
import type { SourceMessage, UndeliveredMessage } from '../imap/transfer/source-message.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import { isSameMailbox, type MailboxName } from '../imap/wire/mailbox-argument.ts';
import type { Wait } from '../imap/wire/wait.ts';
import { SourceReplacedError } from './errors.ts';
import { type LaneEnd, laneEnd } from './lane-end.ts';

/** Folders asked for before their turn, at most: as many as pieces of a lane may be under way at the destination. */
const MOST_AHEAD = 4;
/** Larger pieces are not asked for ahead: the way is little of their time, and what is given up must be read away. */
const MOST_MESSAGES_AHEAD = 250;

/** Messages on their way from the source. */
interface FetchedMessages {
  /** To be gone through once; see `fetchMessages`. */
  readonly messages: AsyncIterable<SourceMessage>;
  /** Those that exist and do not come, by UID; complete when the messages have ended. */
  readonly undelivered: ReadonlyMap<number, UndeliveredMessage>;
}

/**
 * The end of a lane that is read from. What comes next can be asked for before its turn; then nothing else must wait
 * for an answer behind it, so whatever is not its own turn gives it up.
 */
export interface SourceEnd extends LaneEnd {
  /**
   * Opens a folder and asks for messages in it, in one flight, unless they were asked for before their turn. Whether
   * they come is heard when they are fetched.
   */
  ask(path: MailboxName, uids: readonly number[]): void;
  /**
   * Does so before their turn, behind what is asked for already.
   * @returns false where that cannot be, now or with these
   */
  askAhead(path: MailboxName, uids: readonly number[]): boolean;
  /** As `open`, but leaves under way what was asked for in this folder and after it. */
  openForFetch(path: MailboxName): Promise<OpenMailbox>;
  /**
   * Messages of a folder, which are on their way already if exactly these were asked for.
   * @param uids ascending
   * @param uidValidity of the folder that they are the UIDs of
   * @throws SourceReplacedError, also while the messages are gone through
   */
  fetch(path: MailboxName, uids: readonly number[], uidValidity: number): Promise<FetchedMessages>;
}

interface Asked extends FetchedMessages {
  readonly path: MailboxName;
  readonly uids: readonly number[];
  readonly opened: Promise<OpenMailbox>;
  /** No further command will be sent for them, unless the server leaves something out. */
  readonly askedWhole: () => boolean;
  readonly giveUp: () => void;
}

/**
 * Servers may answer several FETCH commands of one mailbox together (Dovecot): what a later one asked for comes before
 * the tagged answer to an earlier one. So between what is asked for one piece and for the next there is always an
 * EXAMINE, behind whose answer nothing earlier comes: what is asked ahead is in another folder, and where messages are
 * given up that are still to come, the folder is opened again before anything else is asked of it.
 */
export function sourceEnd(connection: ImapConnection, wait: Wait): SourceEnd {
  const end = laneEnd(connection, wait, examineMailbox);
  /** Asked for and not fetched yet, in the order in which the server was asked. */
  let line: Asked[] = [];
  /** What the server was asked for last, whether it has come or not. */
  let latest: Asked | undefined;
  const giveUp = (): void => {
    latest = undefined;
    if (line.length === 0) return;
    for (const asked of line) asked.giveUp();
    line = [];
    end.forget();
  };
  /** What the server left out is asked for again: where another folder is open by then, this one is opened again. */
  const comeBack = async (path: MailboxName, before: Promise<OpenMailbox>): Promise<void> => {
    giveUp();
    const [was, is] = await Promise.all([before, end.open(path)]);
    if (was.uidValidity !== is.uidValidity) throw new SourceReplacedError();
  };
  /** Sends the first commands at once. */
  const begin = (path: MailboxName, uids: readonly number[]): Asked => {
    const opened = end.open(path);
    const undelivered = new Map<number, UndeliveredMessage>();
    let whole = false;
    const iterator = fetchMessages(connection, uids, wait, {
      onUndelivered: (message) => undelivered.set(message.uid, message),
      onAskedWhole: () => {
        whole = true;
      },
      beforeMore: () => (end.isLatest(opened) ? undefined : comeBack(path, opened)),
    });
    const first = iterator.next();
    first.catch(() => undefined); // heard by whoever goes through them
    const asked: Asked = {
      path,
      uids,
      opened,
      undelivered,
      askedWhole: () => whole,
      messages: goThrough(first, iterator, () => end.forget()),
      giveUp: () => {
        iterator.return(undefined).catch(() => undefined);
      },
    };
    latest = asked;
    // A server may answer for the folder that was open before: nobody wants that, and it must not stand in the way.
    opened.catch(giveUp);
    return asked;
  };
  /** Has the line begin with these messages; what stood before them is passed over. */
  const ask = (path: MailboxName, uids: readonly number[]): Asked => {
    const index = line.findIndex((asked) => isSame(asked, path, uids));
    const known = line[index];
    if (known !== undefined) {
      for (const passedOver of line.splice(0, index)) passedOver.giveUp();
      return known;
    }
    giveUp();
    const asked = begin(path, uids);
    line = [asked];
    return asked;
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
    isLatest: (opened) => end.isLatest(opened),
    forget: () => {
      giveUp();
      end.forget();
    },
    ask: (path, uids) => {
      if (uids.length > 0) ask(path, uids);
      else giveUp();
    },
    askAhead: (path, uids) => {
      if (line.some((asked) => isSame(asked, path, uids))) return true;
      if (uids.length === 0 || uids.length > MOST_MESSAGES_AHEAD || line.length >= MOST_AHEAD) return false;
      if (latest === undefined || isSameMailbox(latest.path, path) || !latest.askedWhole()) return false;
      line.push(begin(path, uids));
      return true;
    },
    openForFetch: (path) => {
      const [next] = line;
      if (next !== undefined && isSameMailbox(next.path, path)) return next.opened;
      giveUp();
      return end.open(path);
    },
    fetch: async (path, uids, uidValidity) => {
      for (;;) {
        const next = ask(path, uids);
        const opened = await next.opened;
        if (opened.uidValidity !== uidValidity) throw new SourceReplacedError();
        // Given up meanwhile, for the sake of one behind it.
        if (line[0] !== next) continue;
        line.shift();
        return next;
      }
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
