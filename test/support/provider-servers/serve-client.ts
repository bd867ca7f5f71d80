import type { Socket } from 'node:net';
import { CommandReader, type HeardCommand } from './command-reader.ts';
import { fetch } from './fetch-command.ts';
import { create, list, open, remove, status } from './folder-commands.ts';
import { append, copy, expunge, search, store } from './message-commands.ts';
import { LITERAL, parseArguments } from './parse-arguments.ts';
import type { ServerSession } from './server-session.ts';
import { signIn } from './sign-in-commands.ts';

/** Carries out the commands of one client, one after the other, until it goes. @param heard takes note of each */
export async function serveClient(session: ServerSession, socket: Socket, heard: string[]): Promise<void> {
  const { script } = session;
  /** Of the command whose literal is being read. */
  let verdict: string | undefined;
  const reader = new CommandReader(socket, () => ({
    unasked: unaskedLiteral(session),
    refuse: (command, size) => {
      const announced = command.replaceAll(LITERAL, '') + `{${size}}`;
      heard.push(announced);
      verdict = session.moods.judge(announced, session.account?.user);
      if (verdict !== undefined && !verdict.startsWith('OK')) return verdict;
      return /^APPEND /i.test(command) ? script.refuseSize?.(size) : undefined;
    },
  }));
  session.say(`* OK ${script.greeting}`);
  for (;;) {
    const command = await reader.next();
    if (command === undefined) return;
    if (command.literals.length === 0 && command.refusal === undefined) {
      const line = `${command.verb} ${command.text}`.trim();
      heard.push(line);
      verdict = session.moods.judge(line, session.account?.user);
    }
    const answer = await answerOf(session, command, { reader, verdict });
    if (answer === undefined) return;
    session.say(`${command.tag} ${answer}`);
    if (command.verb === 'LOGOUT') {
      socket.end();
      return;
    }
    if (/^(?:NO|BAD)\b/.test(answer)) session.errors += 1;
    if (script.mostErrors !== undefined && session.errors >= script.mostErrors.count) {
      session.hangUp(script.mostErrors.bye);
      return;
    }
  }
}

function unaskedLiteral({ account, script }: ServerSession): number {
  const { after, before } = script.capabilities;
  const now = account === undefined ? before : after;
  if (/\bLITERAL\+/.test(now)) return Number.POSITIVE_INFINITY;
  return /\bLITERAL-/.test(now) ? 4096 : -1;
}

/** The tagged answer; undefined when the connection has ended. */
async function answerOf(
  session: ServerSession,
  command: HeardCommand,
  { reader, verdict }: { readonly reader: CommandReader; readonly verdict: string | undefined },
): Promise<string | undefined> {
  const { script } = session;
  if (command.rude) {
    session.hangUp('BYE Literal too large without being asked for');
    return undefined;
  }
  if (script.longestLine !== undefined && command.longestLine > script.longestLine.bytes) {
    return script.longestLine.refusal;
  }
  const refusal = command.refusal ?? (verdict?.startsWith('OK') === true ? undefined : verdict);
  if (refusal?.startsWith('BYE') === true) {
    session.hangUp(refusal);
    return undefined;
  }
  if (refusal !== undefined) return refusal;
  const answer = await carryOut(session, command, reader);
  return answer?.startsWith('OK') === true ? (verdict ?? answer) : answer;
}

async function carryOut(
  session: ServerSession,
  command: HeardCommand,
  reader: CommandReader,
): Promise<string | undefined> {
  const { verb } = command;
  const { script } = session;
  const args = parseArguments(command.text, command.literals);
  switch (verb) {
    case 'CAPABILITY':
      session.say(
        `* CAPABILITY ${session.account === undefined ? script.capabilities.before : script.capabilities.after}`,
      );
      return session.ok(verb);
    case 'NOOP':
      return session.ok(verb);
    case 'LOGOUT':
      session.say('* BYE Logging out');
      return session.ok(verb);
    case 'LOGIN':
    case 'AUTHENTICATE':
      return signIn(session, verb, args, { reader });
    default:
      break;
  }
  if (session.account === undefined) return 'BAD Command received in Invalid state.';
  switch (verb) {
    case 'ID':
      session.say(`* ID ("name" "${script.name}")`);
      return session.ok(verb);
    case 'NAMESPACE':
      session.say('* NAMESPACE (("" "/")) NIL NIL');
      return session.ok(verb);
    case 'LIST':
    case 'LSUB':
    case 'XLIST':
      return list(session, verb, args);
    case 'STATUS':
      return status(session, args);
    case 'SELECT':
    case 'EXAMINE':
      return open(session, verb, args);
    case 'UNSELECT':
    case 'CLOSE':
      session.selected = undefined;
      return session.ok(verb);
    case 'CREATE':
      return script.readOnly === true ? 'NO [CANNOT] This account is read-only' : create(session, args);
    case 'DELETE':
      return script.readOnly === true ? 'NO [CANNOT] This account is read-only' : remove(session, args);
    case 'SUBSCRIBE':
      return session.ok(verb);
    case 'APPEND':
      return append(session, args, command);
    case 'UID FETCH':
      return fetch(session, args);
    case 'UID SEARCH':
      return search(session, args, command);
    case 'UID STORE':
      return store(session, args);
    case 'UID COPY':
      return copy(session, args);
    case 'EXPUNGE':
    case 'UID EXPUNGE':
      return expunge(session, args);
    default:
      return 'BAD Unknown command';
  }
}
