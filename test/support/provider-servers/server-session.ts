import type { Socket } from 'node:net';
import { fromWireName, toWireName } from '../mailbox-name.ts';
import type { MailAccount } from './mail-account.ts';
import type { FolderEntry, MailFolder } from './mail-folder.ts';
import { type Argument, textOf } from './parse-arguments.ts';
import type { ProviderScript } from './provider-script.ts';

/** What a test has the server do beyond its script. */
export interface ServerMoods {
  /**
   * What the server answers to a command in place of carrying it out: `NO …`, `BAD …`, or `BYE …`, after which it
   * hangs up. `OK …`: carries it out and says so in these words.
   * @param command without its tag
   */
  judge: (command: string, user: string | undefined) => string | undefined;
  /** Ends the connection with these words after so many messages of a FETCH have been sent. */
  breakFetchAfter: { readonly messages: number; readonly bye: string } | undefined;
}

/** One connection of a client, as the server keeps it in mind. */
export class ServerSession {
  readonly script: ProviderScript;
  readonly moods: ServerMoods;
  readonly #socket: Socket;
  readonly #accounts: ReadonlyMap<string, MailAccount>;
  account: MailAccount | undefined;
  selected: { readonly folder: MailFolder; readonly readOnly: boolean } | undefined;
  errors = 0;

  constructor(
    socket: Socket,
    options: { script: ProviderScript; moods: ServerMoods; accounts: ReadonlyMap<string, MailAccount> },
  ) {
    this.#socket = socket;
    this.script = options.script;
    this.moods = options.moods;
    this.#accounts = options.accounts;
  }

  /** One character per byte. */
  say(line: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${line}\r\n`, 'latin1');
  }

  saySome(text: string, bytes: Buffer, rest: string): void {
    if (this.#socket.destroyed) return;
    this.#socket.cork();
    this.#socket.write(`${text}{${bytes.length}}\r\n`, 'latin1');
    this.#socket.write(bytes);
    this.#socket.write(`${rest}\r\n`, 'latin1');
    this.#socket.uncork();
  }

  hangUp(bye: string): void {
    this.say(`* ${bye}`);
    this.#socket.end();
  }

  ok(verb: string, code?: string): string {
    return `OK ${code === undefined ? '' : `[${code}] `}${this.script.okWords(verb)}`;
  }

  /** @returns the refusal; undefined when the user is signed in now */
  signIn(user: string, password: string): string | undefined {
    const account = this.#accounts.get(user);
    if (account?.password !== password) return 'NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)';
    const { mostConnections } = this.script;
    if (mostConnections !== undefined && account.connections >= mostConnections.count) {
      return mostConnections.refusal;
    }
    this.account = account;
    account.connections += 1;
    this.#socket.once('close', () => {
      account.connections -= 1;
    });
    return undefined;
  }

  get mail(): MailAccount {
    if (this.account === undefined) throw new RangeError('Nobody has signed in.');
    return this.account;
  }

  /** A folder by its name as an argument; undefined where it cannot be opened. */
  named(argument: Argument | undefined): MailFolder | undefined {
    const folder = this.mail.find(pathOf(argument));
    return folder?.selectable === true ? folder : undefined;
  }

  get shown(): readonly FolderEntry[] {
    return this.selected?.folder.shown(this.script.shownMessages) ?? [];
  }
}

export function pathOf(argument: Argument | undefined): string {
  return fromWireName(textOf(argument));
}

export function quotedName(path: string): string {
  return `"${toWireName(path).replace(/["\\]/g, '\\$&')}"`;
}
