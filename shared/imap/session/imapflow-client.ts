import type { ImapFlowOptions, ImapTransport } from 'imapflow';
import { CommandTimeoutError, ProtocolError } from '../errors.ts';
import type { ProviderRefusals } from '../known-refusal.ts';
import { profileOf } from '../providers/provider-catalogue.ts';
import type { Wait } from '../wire/wait.ts';
import { boundedWait } from './bounded-wait.ts';
import type { ImapEndpoint } from './imap-endpoint.ts';
import { imapflowFailure } from './imapflow-failure.ts';
import type { NegotiatedConnection } from './negotiate.ts';
import { ReadyImapflow } from './ready-imapflow.ts';
import { SessionStream } from './session-stream.ts';
import type { SignInMethod } from './sign-in-method.ts';

/** What one command may bring, all its answers together; a listing of 20,000 folders has about 4 MB. */
const MAX_BYTES_PER_COMMAND = 32 * 1024 * 1024;
const MAX_LINE_BYTES = 64 * 1024;
/** Half of it is the longest that imapflow sleeps by itself when a server throttles (ms): not at all. */
const NO_SLEEP = 2;

/** imapflow on a connection of ours, and a bound on everything it does. */
export class ImapflowClient {
  readonly #client: ReadyImapflow;
  readonly #stream: SessionStream;
  readonly #scrub: (text: string) => string;
  readonly #token: boolean;
  readonly #refusals: ProviderRefusals;
  #reported: unknown;

  constructor(
    connection: NegotiatedConnection,
    endpoint: ImapEndpoint,
    signIn: SignInMethod,
    scrub: (text: string) => string,
  ) {
    this.#stream = new SessionStream(connection.socket, greetingFor(connection.capabilities));
    this.#scrub = scrub;
    this.#token = 'accessToken' in signIn;
    this.#refusals = profileOf(endpoint).refusals;
    this.#client = new ReadyImapflow(optionsFor(endpoint, signIn, transportOver(this.#stream)));
    // Without a listener an error event would end the process.
    this.#client.on('error', (error: unknown) => {
      this.#reported = error;
    });
  }

  get imapflow(): ReadyImapflow {
    return this.#client;
  }

  /** Takes the secret out of a server's words. */
  get scrub(): (text: string) => string {
    return this.#scrub;
  }

  /** How the provider words its refusals. */
  get refusals(): ProviderRefusals {
    return this.#refusals;
  }

  get stream(): SessionStream {
    return this.#stream;
  }

  /**
   * Runs one thing at a time on imapflow. Whatever ends it early also ends the connection, because its answer
   * would be taken for that of the next command.
   * @param command the verb, for messages.
   * @throws ImapError, the signal's reason
   */
  async run<T>(command: string, wait: Wait, action: (client: ReadyImapflow) => Promise<T>): Promise<T> {
    const stream = this.#stream;
    const receivedBefore = stream.receivedBytes;
    try {
      return await boundedWait<T>(
        wait,
        () =>
          new CommandTimeoutError(`The server did not answer ${command} within ${wait.deadlineMs} ms.`, {
            waitedMs: wait.deadlineMs,
          }),
        ({ resolve, reject, touch }) => {
          const onLine = (): void => {
            touch();
            if (stream.receivedBytes - receivedBefore > MAX_BYTES_PER_COMMAND) {
              reject(new ProtocolError(`The server's answer to ${command} does not end.`));
            }
          };
          stream.on('line', onLine);
          action(this.#client).then(resolve, (error: unknown) =>
            reject(
              imapflowFailure(error, {
                reported: this.#reported,
                stream,
                command,
                scrub: this.#scrub,
                token: this.#token,
                refusals: this.#refusals,
              }),
            ),
          );
          return () => stream.removeListener('line', onLine);
        },
      );
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'command-refused') this.close();
      throw error;
    }
  }

  /** Drops imapflow, its timers and, unless it was taken over, the socket. */
  close(): void {
    this.#client.close();
    this.#stream.destroy();
  }
}

/**
 * The greeting that imapflow sees: the connection is encrypted already and its capabilities are known, which saves a
 * round trip.
 */
function greetingFor(capabilities: ReadonlySet<string>): string {
  const names = [...capabilities].filter((name) => name !== 'STARTTLS');
  return `* OK [CAPABILITY ${names.join(' ')}] ready\r\n`;
}

function transportOver(stream: SessionStream): ImapTransport {
  return {
    connect(_options, onConnect) {
      // imapflow must have the stream in its hands before it hears that it is connected.
      setImmediate(onConnect);
      return stream;
    },
  };
}

function optionsFor(endpoint: ImapEndpoint, signIn: SignInMethod, transport: ImapTransport): ImapFlowOptions {
  return {
    host: endpoint.host,
    port: endpoint.port,
    // The stream is as secure as was demanded; nothing is left to imapflow to upgrade.
    secure: endpoint.security !== 'insecure',
    ...(endpoint.security === 'insecure' ? { doSTARTTLS: false } : {}),
    auth: signIn,
    transport,
    logger: false,
    disableCompression: true,
    disableAutoIdle: true,
    // What is enabled would also hold for the connection that takes over (UTF8=ACCEPT changes folder names).
    disableAutoEnable: true,
    disableIMAP4rev2: true,
    socketTimeout: NO_SLEEP,
    maxLineLength: MAX_LINE_BYTES,
    maxLiteralSize: MAX_LINE_BYTES,
    maxResponseSize: 4 * MAX_LINE_BYTES,
    maxResponseTokens: 20_000,
  };
}
