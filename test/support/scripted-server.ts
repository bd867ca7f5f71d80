import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { TestCertificate } from './test-certificate.ts';

/** One client of a scripted server, seen from the server. */
export interface ScriptedClient {
  readonly socket: Socket;
  /** Writes lines; each gets its CRLF. */
  send(...lines: string[]): void;
  /** The next line of the client without CRLF; never resolves once the client is gone. */
  line(): Promise<string>;
  /** The tag of the next command, which must have this verb. Fails the connection otherwise. */
  command(verb: string): Promise<string>;
  /** Goes on encrypted, as after STARTTLS. */
  secure(certificate: TestCertificate): ScriptedClient;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** Every line that any client sent. */
  readonly heard: readonly string[];
  /** How many connections were made. */
  readonly connections: number;
}

export type Script = (client: ScriptedClient) => Promise<unknown> | void;

/** A server on 127.0.0.1 that does to each client what the script says, well-mannered or not. */
export async function scriptedServer(
  script: Script,
  options: { tls?: TestCertificate } = {},
): Promise<ScriptedServer> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const onConnection = (socket: Socket): void => {
    connections += 1;
    socket.on('error', () => undefined);
    const client = scriptedClient(socket, heard);
    void Promise.resolve(script(client)).catch(() => socket.destroy());
  };
  const server: Server = options.tls
    ? createTlsServer({ cert: options.tls.certificate, key: options.tls.key }, onConnection)
    : createServer(onConnection);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The scripted server has no port.');
  return {
    port: address.port,
    heard,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function scriptedClient(socket: Socket, heard: string[]): ScriptedClient {
  const lines: string[] = [];
  const readers: Array<(line: string) => void> = [];
  let rest = '';
  const onData = (chunk: Buffer): void => {
    rest += chunk.toString('latin1');
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      heard.push(line);
      const reader = readers.shift();
      if (reader) reader(line);
      else lines.push(line);
    }
  };
  socket.on('data', onData);
  const line = (): Promise<string> => {
    const waiting = lines.shift();
    return waiting === undefined ? new Promise((resolve) => readers.push(resolve)) : Promise.resolve(waiting);
  };
  return {
    socket,
    send: (...texts) => socket.write(texts.map((text) => `${text}\r\n`).join(''), 'latin1'),
    line,
    async command(verb) {
      const [tag = '', said = ''] = (await line()).split(' ');
      if (said.toUpperCase() !== verb) throw new Error(`Expected ${verb}, heard ${said}.`);
      return tag;
    },
    secure(certificate) {
      socket.removeListener('data', onData);
      const secured = new TLSSocket(socket, {
        isServer: true,
        cert: certificate.certificate,
        key: certificate.key,
      });
      secured.on('error', () => undefined);
      return scriptedClient(secured, heard);
    },
  };
}
