import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ImapResponseReader, type ImapResponse, type SinkFor } from './imap-response-reader.ts';
import { fromWireName, toWireName } from './mailbox-name.ts';

/** How the tests themselves reach a mailbox; plain text on 127.0.0.1 unless `ca` asks for implicit TLS. */
export interface MailboxAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly ca?: string;
}

export interface TaggedAnswer {
  readonly status: string;
  readonly text: string;
}

/** A folder as LIST tells it. */
export interface ListedFolder {
  /** Decoded, with the server's own separator and prefix. */
  readonly path: string;
  readonly attributes: readonly string[];
}

/** The server refused a command of the test, or closed the connection. */
export class TestImapError extends Error {
  override readonly name = 'TestImapError';
}

interface Pending {
  readonly tag: string;
  readonly what: string;
  readonly onUntagged: (response: ImapResponse) => void;
  readonly sinkFor: SinkFor;
  resolve(answer: TaggedAnswer): void;
  reject(error: Error): void;
}

interface ExecuteOptions {
  onUntagged?: (response: ImapResponse) => void;
  sinkFor?: SinkFor;
}

/**
 * The IMAP client of the tests: small, pipelined, streaming, and sharing no code with the product whose work
 * it judges. Commands may be in flight together; their answers come in order.
 */
export class ImapTestClient implements AsyncDisposable {
  readonly capabilities = new Set<string>();
  /** Hierarchy separator of the personal namespace. */
  delimiter = '/';
  /** Prefix of the personal namespace: '' or such as 'INBOX.'. */
  prefix = '';

  readonly #socket: Socket;
  #pending: Pending[] = [];
  #nextTag = 1;
  #writing: Promise<void> = Promise.resolve();
  #onContinuation: (() => void) | undefined;
  #greeting: (() => void) | undefined;
  #failure: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new ImapResponseReader(
      (response) => this.#take(response),
      (text) => this.#pending[0]?.sinkFor(text),
    );
    socket.on('data', (data: Buffer) => reader.push(data));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new TestImapError('The server closed the connection of the test')));
  }

  /** Connects and logs in. */
  static async connect(access: MailboxAccess): Promise<ImapTestClient> {
    const { host, port, ca } = access;
    const socket = ca === undefined ? connectTcp(port, host) : connectTls({ host, port, ca });
    await once(socket, ca === undefined ? 'connect' : 'secureConnect');
    socket.setNoDelay(true);
    const client = new ImapTestClient(socket);
    await new Promise<void>((resolve, reject) => {
      client.#greeting = resolve;
      socket.once('close', () => reject(new TestImapError('The server closed instead of greeting')));
    });
    await client.execute(['LOGIN ', stringArgument(access.user), ' ', stringArgument(access.password)]);
    await client.#learn();
    return client;
  }

  async #learn(): Promise<void> {
    await this.execute(['CAPABILITY'], {
      onUntagged: ({ text }) => {
        const words = /^\* CAPABILITY (.*)$/i.exec(text)?.[1] ?? '';
        for (const word of words.split(' ').filter((each) => each !== ''))
          this.capabilities.add(word.toUpperCase());
      },
    });
    if (this.capabilities.has('NAMESPACE')) {
      await this.execute(['NAMESPACE'], {
        onUntagged: ({ text }) => {
          const found = /^\* NAMESPACE \(\("([^"]*)" "?((?:\\.|[^"\\])|NIL)"?/i.exec(text);
          if (found === null) return;
          this.prefix = fromWireName(found[1] ?? '');
          this.delimiter = (found[2] ?? '/').replace(/^\\/, '');
        },
      });
    } else {
      await this.execute(['LIST "" ""'], {
        onUntagged: ({ text }) => {
          this.delimiter = /^\* LIST \([^)]*\) "\\?(.)"/i.exec(text)?.[1] ?? '/';
        },
      });
    }
  }

  /** A folder given level by level, as this server writes it. INBOX takes no prefix. */
  pathOf(segments: readonly string[]): string {
    if (segments.length === 1 && segments[0]?.toUpperCase() === 'INBOX') return 'INBOX';
    return this.prefix + segments.join(this.delimiter);
  }

  /** The levels of a path of this server, without the namespace's prefix. */
  segmentsOf(path: string): string[] {
    if (path.toUpperCase() === 'INBOX') return ['INBOX'];
    return (path.startsWith(this.prefix) ? path.slice(this.prefix.length) : path).split(this.delimiter);
  }

  /**
   * Sends one command: strings go as they are, Buffers as literals (without waiting where the server offers LITERAL+).
   * Resolves with the tagged answer. The command is written in order, so callers may send many before awaiting.
   *
   * @throws TestImapError when the server answers NO or BAD, or is gone
   */
  execute(parts: readonly (string | Buffer)[], options: ExecuteOptions = {}): Promise<TaggedAnswer> {
    const tag = `t${this.#nextTag}`;
    this.#nextTag += 1;
    const answer = new Promise<TaggedAnswer>((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#pending.push({
        tag,
        what: parts.map((part) => (typeof part === 'string' ? part : `{${part.length}}`)).join(''),
        onUntagged: options.onUntagged ?? (() => undefined),
        sinkFor: options.sinkFor ?? (() => undefined),
        resolve,
        reject,
      });
    });
    let answered = false;
    const settled = answer.then(
      () => void (answered = true),
      () => void (answered = true),
    );
    const isAnswered = (): boolean => answered;
    this.#writing = this.#writeAfter(this.#writing, tag, parts, settled, isAnswered).catch(() => undefined);
    return answer;
  }

  async #writeAfter(
    previous: Promise<void>,
    tag: string,
    parts: readonly (string | Buffer)[],
    settled: Promise<void>,
    isAnswered: () => boolean,
  ): Promise<void> {
    await previous;
    await this.#write(`${tag} `);
    for (const part of parts) {
      if (isAnswered()) return; // refused when its literal was announced
      if (typeof part === 'string') await this.#write(part);
      else await this.#writeLiteral(part, settled, isAnswered);
    }
    await this.#write('\r\n');
  }

  /** Resolves when everything given to `execute` so far has left for the server: keeps memory flat in long runs. */
  written(): Promise<void> {
    return this.#writing;
  }

  async #writeLiteral(data: Buffer, settled: Promise<void>, isAnswered: () => boolean): Promise<void> {
    if (this.capabilities.has('LITERAL+')) {
      await this.#write(`{${data.length}+}\r\n`);
    } else {
      const continued = new Promise<void>((resolve) => {
        this.#onContinuation = resolve;
      });
      await this.#write(`{${data.length}}\r\n`);
      await Promise.race([continued, settled]);
      if (isAnswered()) return;
    }
    await this.#write(data);
  }

  async #write(data: string | Buffer): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const room = typeof data === 'string' ? this.#socket.write(data, 'latin1') : this.#socket.write(data);
    if (!room) await Promise.race([once(this.#socket, 'drain'), once(this.#socket, 'close')]);
  }

  #take(response: ImapResponse): void {
    const { text } = response;
    if (this.#greeting !== undefined) {
      this.#greeting();
      this.#greeting = undefined;
    } else if (text.startsWith('+')) {
      this.#onContinuation?.();
      this.#onContinuation = undefined;
    } else if (text.startsWith('* ')) {
      this.#pending[0]?.onUntagged(response);
    } else {
      this.#takeTagged(text);
    }
  }

  #takeTagged(text: string): void {
    const [, tag, status = '', words = ''] = /^(\S+) (\S+) ?(.*)$/.exec(text) ?? [];
    const pending = this.#pending[0];
    if (pending === undefined || pending.tag !== tag) {
      this.#fail(new TestImapError(`Unexpected answer: ${text}`));
      return;
    }
    this.#pending.shift();
    if (status === 'OK') pending.resolve({ status, text: words });
    else pending.reject(new TestImapError(`${pending.what.slice(0, 200)}: ${status} ${words}`));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    const pending = this.#pending;
    this.#pending = [];
    for (const each of pending) each.reject(this.#failure);
    this.#socket.destroy();
  }

  /** Every folder, selectable or not, in the server's order. */
  async list(): Promise<ListedFolder[]> {
    const folders: ListedFolder[] = [];
    await this.execute(['LIST "" "*"'], {
      onUntagged: ({ text, literals }) => {
        const found = /^\* LIST \(([^)]*)\) (?:"(?:\\.|[^"\\])*"|NIL) (.*)$/i.exec(text);
        if (found === null) return;
        const name = found[2] ?? '';
        const wire =
          name === '\0'
            ? (literals[0] ?? '').toString('latin1')
            : name.replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1');
        folders.push({
          path: fromWireName(wire),
          attributes: (found[1] ?? '').split(' ').filter((each) => each !== ''),
        });
      },
    });
    return folders;
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.end('bye LOGOUT\r\n', 'latin1');
    this.#failure ??= new TestImapError('The test closed this connection');
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A quoted string (RFC 3501 4.3); for ASCII text. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A string ready for a command: text beyond ASCII goes as a literal of UTF-8, which every server takes. */
function stringArgument(text: string): string | Buffer {
  return /^[\x20-\x7e]*$/.test(text) ? quoted(text) : Buffer.from(text);
}

/** A mailbox name ready for a command. */
export function mailboxArgument(path: string): string {
  return quoted(toWireName(path));
}
