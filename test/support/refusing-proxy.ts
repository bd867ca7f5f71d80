import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * What becomes of a command: passed on, or answered in the server's place ('NO [OVERQUOTA] full', 'BAD what?').
 * Untagged lines may go before the tagged one: '* BAD what?\nBAD what?'.
 */
type Verdict = string | undefined;

export interface RefusingProxy extends AsyncDisposable {
  readonly port: number;
  /** How many connections were made. */
  readonly connections: number;
  /**
   * Asked for every command of every client; `line` is the command without its tag, up to its first literal. Asked for
   * each message of a MULTIAPPEND as if it came in a command of its own; one that is refused refuses the whole command.
   */
  judge: (line: string) => Verdict;
  /** May change a line of the server, such as to take the APPENDUID out of an answer. */
  edit: (line: string) => string;
  /** May change the bytes of a literal of the server, but not how many there are. */
  editLiteral: (bytes: Buffer) => Buffer;
  /** May change lines and literals of clients on their way to the server, literals not in length. */
  editSent: (text: string) => string;
  /** Breaks every connection. */
  cut(): void;
}

type Rules = Pick<RefusingProxy, 'judge' | 'edit' | 'editLiteral' | 'editSent'>;

/**
 * A server on 127.0.0.1 in front of an IMAP server (plain text) that refuses commands which the real one would take.
 * Answers come in the order of the commands.
 */
export async function startRefusingProxy(target: { port: number }): Promise<RefusingProxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const rules: Rules = {
    judge: () => undefined,
    edit: (line) => line,
    editLiteral: (bytes) => bytes,
    editSent: (text) => text,
  };
  const server = createServer({ noDelay: true }, (client) => {
    connections += 1;
    const upstream = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
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
    get editLiteral() {
      return rules.editLiteral;
    },
    set editLiteral(editLiteral) {
      rules.editLiteral = editLiteral;
    },
    get editSent() {
      return rules.editSent;
    },
    set editSent(editSent) {
      rules.editSent = editSent;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function relay(client: Socket, upstream: Socket, rules: Rules): void {
  /** Commands without an answer yet; those with `answer` are ours to answer when it is their turn. */
  const open: Array<{ tag: string; answer?: string }> = [];
  const answerOurs = (): void => {
    for (let [first] = open; first?.answer !== undefined; [first] = open) {
      const lines = first.answer.split('\n');
      const tagged = `${first.tag} ${lines.pop()}`;
      client.write([...lines, tagged, ''].join('\r\n'));
      open.shift();
    }
  };

  /** What the client is sending: kept until all of it was judged, for a server takes all of a command or nothing. */
  let current: {
    readonly entry: { readonly tag: string; answer?: string };
    readonly kept: Buffer[];
    /** The mailbox of an APPEND, else empty. */
    readonly to: string;
    verdict: Verdict;
  };
  let continued = false;
  const passOn = (): void => {
    for (const part of current.kept.splice(0))
      upstream.write(rules.editSent(part.toString('latin1')), 'latin1');
  };
  const fromClient = new LineCutter(
    (line) => {
      if (continued) {
        // a further message of a MULTIAPPEND is judged like one that is sent alone
        if (current.to !== '' && line !== '') current.verdict ??= rules.judge(`APPEND ${current.to}${line}`);
      } else {
        const [tag = ''] = line.split(' ', 1);
        const isCommand = /^\S+ \S/.test(line);
        const command = line.slice(tag.length + 1);
        const to = /^APPEND ("(?:[^"\\]|\\.)*"|\S+)/i.exec(command)?.[1] ?? '';
        current = { entry: { tag }, kept: [], verdict: isCommand ? rules.judge(command) : undefined, to };
        if (isCommand) open.push(current.entry);
      }
      current.kept.push(Buffer.from(`${line}\r\n`, 'latin1'));
      const literal = /\{(\d+)\+?\}$/.exec(line);
      const plus = line.endsWith('+}');
      const { verdict } = current;
      continued = literal !== null && (plus || verdict === undefined);
      if (verdict !== undefined && !continued) {
        current.entry.answer = verdict;
        answerOurs();
      } else if (verdict === undefined && !(continued && plus)) {
        passOn();
      }
      return continued ? Number(literal?.[1] ?? 0) : 0;
    },
    (bytes) => void current.kept.push(bytes),
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
    (bytes) => void client.write(rules.editLiteral(bytes)),
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
