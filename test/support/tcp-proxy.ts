import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

// Late mail lands within 2.5 s, ten times in between: a server is never still for the settling time (3 s).
const LATE_PIECES = 10;
const LATE_PIECE_EVERY_MS = 250;

export interface TcpProxyOptions {
  /** How long what a client sends is on its way to the server (ms). It arrives also when the client is dead by then. */
  delayUpMs?: number;
}

/** A server on 127.0.0.1 that passes everything on to another and tells how much went through. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Bytes that clients have sent since the start, over all connections. */
  bytesUp(): number;
  /** Bytes that the server has answered. */
  bytesDown(): number;
  /** How often a client began to speak, or spoke again after its server: the round trips, over all connections. */
  flights(): number;
  /**
   * Calls back once, at the very moment when so many more bytes have been sent up (or come down); they are still
   * passed on. A new trigger takes the place of an old one. While a promise that the action gives is open, nothing
   * else goes through.
   */
  when(direction: 'up' | 'down', moreBytes: number, action: () => void | Promise<unknown>): void;
  /** Forgets the trigger. */
  forget(): void;
  /**
   * Keeps back what is under way on the connections open now. When another connection comes, it arrives piece by
   * piece, for some seconds: a server that goes on with what a dead client had sent, while the successor looks.
   */
  delayUntilNextConnection(): void;
  /** The most connections that clients had open at one time. */
  mostAtOnce(): number;
  /** Bytes that arrived late in this way. */
  bytesLate(): number;
  /** Breaks all connections that are open now. New ones are taken. */
  cut(): void;
  stop(): Promise<void>;
}

/** What a client sent, on its way to the server. */
interface UpStream {
  /** Undefined: passed on at once. */
  kept: Buffer[] | undefined;
  /** What is kept is on its way by now. */
  released: boolean;
  ended: boolean;
  readonly to: Socket;
}

export async function startTcpProxy(
  target: { port: number },
  options: TcpProxyOptions = {},
): Promise<TcpProxy> {
  const count = { up: 0, down: 0, late: 0, flights: 0, open: 0, most: 0 };
  const sockets = new Set<Socket>();
  const streams = new Set<UpStream>();
  const timers = new Set<NodeJS.Timeout>();
  let trigger: { direction: 'up' | 'down'; at: number; action: () => void | Promise<unknown> } | undefined;
  let held = false;

  const later = (ms: number, action: () => void): void => {
    if (ms === 0) {
      action();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, ms);
    timers.add(timer);
  };
  const counted = (direction: 'up' | 'down', data: Buffer): void => {
    count[direction] += data.length;
    if (trigger?.direction !== direction || count[direction] < trigger.at) return;
    const { action } = trigger;
    trigger = undefined;
    const pending = action();
    if (pending !== undefined) hold(pending);
  };
  const hold = (pending: Promise<unknown>): void => {
    held = true;
    for (const socket of sockets) socket.pause();
    const goOn = (): void => {
      held = false;
      for (const socket of sockets) socket.resume();
    };
    pending.then(goOn, goOn); // whoever gave the promise hears of its failure
  };
  const resume = (socket: Socket): void => {
    if (!held) socket.resume();
  };
  const finish = (stream: UpStream): void => {
    streams.delete(stream);
    stream.to.end();
  };
  /** Sends what was kept back, a piece at a time. */
  const release = (stream: UpStream): void => {
    stream.released = true;
    const size = Math.ceil(bytesOf(stream.kept) / LATE_PIECES);
    const next = (): void => {
      const kept = Buffer.concat(stream.kept ?? []);
      if (kept.length === 0) {
        stream.kept = undefined;
        if (stream.ended) finish(stream);
        return;
      }
      const piece = kept.subarray(0, size);
      stream.to.write(piece);
      count.late += piece.length;
      stream.kept = [kept.subarray(size)];
      later(LATE_PIECE_EVERY_MS, next);
    };
    next();
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const up: UpStream = { kept: undefined, released: false, ended: false, to: upstream };
    for (const stream of streams) if (stream.kept !== undefined && !stream.released) release(stream);
    streams.add(up);
    count.open += 1;
    count.most = Math.max(count.most, count.open);
    client.once('close', () => {
      count.open -= 1;
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined); // 'close' follows
      socket.on('close', () => sockets.delete(socket));
      if (held) socket.pause();
    }
    const delay = options.delayUpMs ?? 0;
    let clientsTurn = true;
    client.on('data', (data: Buffer) => {
      if (clientsTurn) count.flights += 1;
      clientsTurn = false;
      counted('up', data);
      later(delay, () => {
        if (up.kept !== undefined) up.kept.push(data);
        else if (!upstream.destroyed && !upstream.write(data)) {
          client.pause();
          upstream.once('drain', () => resume(client));
        }
      });
    });
    const endUp = (): void => {
      later(delay, () => {
        up.ended = true;
        if (up.kept === undefined) finish(up);
      });
    };
    client.once('end', endUp);
    client.once('close', endUp);
    upstream.on('data', (data: Buffer) => {
      clientsTurn = true;
      counted('down', data);
      if (!client.destroyed && !client.write(data)) {
        upstream.pause();
        client.once('drain', () => resume(upstream));
      }
    });
    // nobody drains a client that is gone, and the server must still be heard
    client.once('close', () => upstream.resume());
    upstream.once('end', () => client.end());
    upstream.once('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The proxy has no port');

  const stop = async (): Promise<void> => {
    for (const timer of timers) clearTimeout(timer);
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    port: address.port,
    bytesUp: () => count.up,
    bytesDown: () => count.down,
    flights: () => count.flights,
    mostAtOnce: () => count.most,
    bytesLate: () => count.late,
    when(direction, moreBytes, action) {
      trigger = { direction, at: count[direction] + moreBytes, action };
    },
    forget() {
      trigger = undefined;
    },
    delayUntilNextConnection() {
      for (const stream of streams) stream.kept ??= [];
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function bytesOf(buffers: readonly Buffer[] | undefined): number {
  return (buffers ?? []).reduce((sum, { length }) => sum + length, 0);
}
