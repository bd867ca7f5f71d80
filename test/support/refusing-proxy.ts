import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What becomes of a command: passed on, or answered in the server's place ('NO [OVERQUOTA] full', 'BAD what?'). */
type Verdict = string | undefined;

export interface RefusingProxy extends AsyncDisposable {
  readonly port: number;
  /** How many connections were made. */
  readonly connections: number;
  /** Asked for every command of every client; `line` is the command without its tag, up to its first literal. */
  judge: (line: string) => Verdict;
  /** May change a line of the server, such as to take the APPENDUID out of an answer. */
  edit: (line: string) => string;
}

/**
 * A server on 127.0.0.1 in front of an IMAP server (plain text) that refuses commands which the real one would take.
 * Answers come in the order of the commands.
 */
export async function startRefusingProxy(target: { port: number }): Promise<RefusingProxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const rules = { judge: (): Verdict => undefined, edit: (line: string): string => line } as Pick<
    RefusingProxy,
    'judge' | 'edit'
  >;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect({ port: target.port, host: '127.0.0.1' });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    relay(client, upstream, rules);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The proxy has no port');
  return {
    port: address.port,
    get connections() {
      return connections;
    },
    get judge() {
      return rules.judge;
    },
    set judge(judge) {
      rules.judge = judge;
    },
    get edit() {
      return rules.edit;
    },
    set edit(edit) {
      rules.edit = edit;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function relay(client: Socket, upstream: Socket, rules: Pick<RefusingProxy, 'judge' | 'edit'>): void {
  /** Commands without an answer yet; those with `answer` are ours to answer when it is their turn. */
  const open: Array<{ tag: string; answer?: string }> = [];
  const answerOurs = (): void => {
    for (let [first] = open; first?.answer !== undefined; [first] = open) {
      client.write(`${first.tag} ${first.answer}\r\n`);
      open.shift();
    }
  };

  let refusing = false;
  let continued = false;
  const fromClient = new LineCutter(
    (line) => {
      if (!continued) {
        const [tag = '', ...words] = line.split(' ');
        const answer = /^\S+ \S/.test(line) ? rules.judge(words.join(' ')) : undefined;
        refusing = answer !== undefined;
        if (/^\S+ \S/.test(line)) open.push({ tag, ...(answer !== undefined && { answer }) });
      }
      const literal = /\{(\d+)\+?\}$/.exec(line);
      const plus = line.endsWith('+}');
      continued = literal !== null && (plus || !refusing);
      if (refusing) {
        if (!continued) answerOurs();
      } else {
        upstream.write(`${line}\r\n`, 'latin1');
      }
      return continued ? Number(literal?.[1] ?? 0) : 0;
    },
    (bytes) => {
      if (!refusing) upstream.write(bytes);
    },
  );
  const fromServer = new LineCutter(
    (line) => {
      const edited = rules.edit(line);
      client.write(`${edited}\r\n`, 'latin1');
      const [tag] = line.split(' ');
      const index = open.findIndex((command) => command.tag === tag);
      if (index >= 0) open.splice(index, 1);
      answerOurs();
      return Number(/\{(\d+)\}$/.exec(line)?.[1] ?? 0);
    },
    (bytes) => void client.write(bytes),
  );
  client.on('data', (data: Buffer) => fromClient.push(data));
  upstream.on('data', (data: Buffer) => fromServer.push(data));
}

/** Cuts a stream into lines and literals. */
class LineCutter {
  #rest = Buffer.alloc(0);
  #literal = 0;
  readonly #line: (line: string) => number;
  readonly #bytes: (bytes: Buffer) => void;

  /** @param line returns how many bytes of a literal follow */
  constructor(line: (line: string) => number, bytes: (bytes: Buffer) => void) {
    this.#line = line;
    this.#bytes = bytes;
  }

  push(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data]);
    while (this.#rest.length > 0) {
      if (this.#literal > 0) {
        const bytes = this.#rest.subarray(0, this.#literal);
        this.#bytes(bytes);
        this.#literal -= bytes.length;
        this.#rest = this.#rest.subarray(bytes.length);
        continue;
      }
      const end = this.#rest.indexOf('\r\n');
      if (end < 0) return;
      const line = this.#rest.toString('latin1', 0, end);
      this.#rest = this.#rest.subarray(end + 2);
      this.#literal = this.#line(line);
    }
  }
}
