import { type Duplex, duplexPair } from 'node:stream';
import { ImapConnection, type ImapConnectionOptions } from '../../shared/imap/wire/imap-connection.ts';
import type { Wait } from '../../shared/imap/wire/wait.ts';

/** The server's end of a connection within the process: a test says and hears what it likes, byte by byte. */
export class ScriptedPeer {
  readonly stream: Duplex;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(stream: Duplex) {
    this.stream = stream;
    const notice = (): void => {
      this.#wake?.();
      this.#wake = undefined;
    };
    stream.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      notice();
    });
    stream.on('end', () => {
      this.#ended = true;
      notice();
    });
    stream.on('close', () => {
      this.#ended = true;
      notice();
    });
    stream.on('error', () => undefined);
  }

  /** Bytes that the client has sent and nobody has looked at yet. */
  get unread(): number {
    return this.#received.length;
  }

  /** One byte per character. Does nothing once the client has gone. */
  send(data: string | Uint8Array): void {
    if (!this.stream.writable) return;
    this.stream.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
  }

  /** The next line of the client, without its line end. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf('\r\n');
      if (end !== -1) return this.#take(end + 2).toString('latin1', 0, end);
      await this.#more();
    }
  }

  /** The next bytes of the client, e.g. a literal. */
  async bytes(count: number): Promise<Buffer> {
    while (this.#received.length < count) await this.#more();
    return this.#take(count);
  }

  /** Reads a command line and answers it; `*` responses go before, in `untagged`. @returns the line without its tag */
  async answer(untagged = '', status = 'OK done'): Promise<string> {
    const line = await this.line();
    const space = line.indexOf(' ');
    this.send(`${untagged}${line.slice(0, space)} ${status}\r\n`);
    return line.slice(space + 1);
  }

  close(): void {
    this.stream.end();
  }

  #take(count: number): Buffer {
    const taken = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return taken;
  }

  async #more(): Promise<void> {
    if (this.#ended) throw new PeerGoneError(this.#received.toString('latin1'));
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** The client closed the connection while the test expected more of it. */
class PeerGoneError extends Error {
  override readonly name = 'PeerGoneError';
  constructor(unread: string) {
    super(`The client has gone; it had sent ${JSON.stringify(unread.slice(0, 200))}.`);
  }
}

const connections = new Set<ImapConnection>();

afterEach(() => {
  for (const connection of connections) connection.destroy();
  connections.clear();
});

/** An ImapConnection and the peer it talks to; it ends with the test. */
export function connectPeer(options: Partial<ImapConnectionOptions> = {}): {
  connection: ImapConnection;
  peer: ScriptedPeer;
} {
  const [client, server] = duplexPair();
  const peer = new ScriptedPeer(server);
  const connection = new ImapConnection(client, { capabilities: ['IMAP4rev1'], ...options });
  connections.add(connection);
  return { connection, peer };
}

/** A wait that no test reaches the end of, unless it sets its own deadline. */
export function patience(deadlineMs = 20_000): Wait {
  return { signal: new AbortController().signal, deadlineMs };
}

export function tagOf(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

/** What a promise rejects with; fails the test when it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('Expected a rejection');
    },
    (error: unknown) => error,
  );
}
