import { CommandRefusedError, type ImapError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import { bigintOf, numberOf, textOf, type Value } from '../wire/value.ts';
import type { Wait } from '../wire/wait.ts';
import type { MailboxCounters } from './open-mailbox.ts';
import { comparableName, sentName } from './comparable-name.ts';
import { hasModseq } from './modseq-capability.ts';

/** STATUS commands in flight: enough to hide the round trip, few enough not to look like an attack. */
const IN_FLIGHT = 64;

/**
 * The counters of many mailboxes in about one round trip. A mailbox that is refused has its error in the result,
 * whose keys are the very names that were given.
 * @throws ThrottledError, and what ended the connection
 */
export async function statusOfMailboxes(
  c: ImapConnection,
  paths: readonly MailboxName[],
  wait: Wait,
): Promise<Map<MailboxName, MailboxCounters | ImapError>> {
  const items = `(MESSAGES UIDNEXT UIDVALIDITY${hasModseq(c.capabilities) ? ' HIGHESTMODSEQ' : ''})`;
  const answers = new Map<MailboxName, MailboxCounters | ImapError>();
  const names = new Map<string, MailboxName>();
  const told = new Map<MailboxName, Partial<MailboxCounters>>();
  for (const path of paths) names.set(comparableName(c.mailbox(path)), path);

  const ask = async (path: MailboxName): Promise<void> => {
    try {
      await c.run(['STATUS ', c.mailbox(path), ` ${items}`], wait, {
        untagged: (response) => {
          if (response.kind !== 'data' || response.name !== 'STATUS') return false;
          const [name, list] = response.values;
          // servers answer in order; the name decides where one does not
          const meant = names.get(comparableName(sentName(name))) ?? path;
          told.set(meant, readCounters(Array.isArray(list) ? list : []));
          return true;
        },
      });
      const counters = told.get(path);
      answers.set(path, isComplete(counters) ? counters : incomplete());
    } catch (error) {
      if (!(error instanceof CommandRefusedError)) throw error;
      answers.set(path, error);
    }
  };
  const unique = [...new Set(paths)];
  for (let from = 0; from < unique.length; from += IN_FLIGHT) {
    await Promise.all(unique.slice(from, from + IN_FLIGHT).map(ask));
  }
  return answers;
}

function readCounters(items: readonly Value[]): Partial<MailboxCounters> {
  const counters: { -readonly [K in keyof MailboxCounters]?: MailboxCounters[K] } = {};
  for (let index = 0; index < items.length; index += 2) {
    const value = items[index + 1];
    const number = numberOf(value);
    switch (textOf(items[index])?.toUpperCase()) {
      case 'MESSAGES':
        if (number !== undefined) counters.messages = number;
        break;
      case 'UIDNEXT':
        if (number !== undefined) counters.uidNext = number;
        break;
      case 'UIDVALIDITY':
        if (number !== undefined) counters.uidValidity = number;
        break;
      case 'HIGHESTMODSEQ': {
        const modseq = bigintOf(value);
        // 0: the server keeps none for this mailbox (RFC 7162 3.1.2.2)
        if (modseq !== undefined && modseq > 0n) counters.highestModseq = modseq;
        break;
      }
      default:
    }
  }
  return counters;
}

function isComplete(counters: Partial<MailboxCounters> | undefined): counters is MailboxCounters {
  return (
    counters?.messages !== undefined && counters.uidNext !== undefined && counters.uidValidity !== undefined
  );
}

function incomplete(): ImapError {
  return new CommandRefusedError({
    status: 'NO',
    serverText: 'MESSAGES, UIDNEXT or UIDVALIDITY is missing from what the server tells of this mailbox',
    command: 'STATUS',
  });
}
