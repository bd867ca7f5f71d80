import type { CommandReader } from './command-reader.ts';
import { type Argument, textOf } from './parse-arguments.ts';
import type { ServerSession } from './server-session.ts';

/** LOGIN and AUTHENTICATE (PLAIN, XOAUTH2). @returns the tagged answer */
export async function signIn(
  session: ServerSession,
  verb: string,
  args: readonly Argument[],
  client: { readonly reader: CommandReader },
): Promise<string> {
  const given = verb === 'LOGIN' ? loginOf(args) : await saslOf(session, args, client.reader);
  if (given === undefined) return 'BAD Could not parse command';
  const isToken = given.kind === 'token';
  if (!isToken && !session.script.takesPasswords) return `NO ${verb} failed.`;
  const refusal = session.signIn(given.user, given.secret);
  if (refusal !== undefined) return refusal;
  session.say(`* CAPABILITY ${session.script.capabilities.after}`);
  return session.ok(verb);
}

interface SignIn {
  readonly kind: 'password' | 'token';
  readonly user: string;
  readonly secret: string;
}

function loginOf(args: readonly Argument[]): SignIn {
  return { kind: 'password', user: textOf(args[0]), secret: textOf(args[1]) };
}

async function saslOf(
  session: ServerSession,
  args: readonly Argument[],
  reader: CommandReader,
): Promise<SignIn | undefined> {
  const mechanism = textOf(args[0]).toUpperCase();
  let initial = textOf(args[1]);
  if (initial === '') {
    session.say('+ ');
    initial = (await reader.line()) ?? '';
  }
  const said = Buffer.from(initial, 'base64').toString('utf8');
  if (mechanism === 'PLAIN') {
    const [, user = '', secret = ''] = said.split('\0');
    return { kind: 'password', user, secret };
  }
  const [user = '', bearer = ''] = said.split('\x01');
  if (mechanism !== 'XOAUTH2' || !user.startsWith('user=') || !bearer.startsWith('auth=Bearer '))
    return undefined;
  return { kind: 'token', user: user.slice('user='.length), secret: bearer.slice('auth=Bearer '.length) };
}
