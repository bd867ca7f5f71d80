import type { Duplex } from 'node:stream';
import { CommandRefusedError, ImapError, type ImapSide } from '../errors.ts';
import { ImapConnection } from '../wire/imap-connection.ts';
import type { Wait } from '../wire/wait.ts';
import type { ImapflowClient } from './imapflow-client.ts';
import { type FolderListing, listFolders } from './list-folders.ts';

/**
 * A signed-in connection, for what needs knowledge of providers rather than speed. Commands run one after the other.
 * Every method throws ImapErrors, or the reason of the signal that ended it; then the connection is closed, except
 * after a CommandRefusedError.
 */
export interface ImapSession {
  /** After the sign-in, upper case. */
  readonly capabilities: ReadonlySet<string>;
  /** Where the user's own folders are, as far as the server tells (RFC 2342); `listFolders` need not ask then. */
  readNamespace(wait: Wait): Promise<FolderListing['namespace']>;
  /**
   * Every folder; with counters where the server gives them in the same command (LIST-STATUS).
   * @param root a folder that may lie outside of what is the user's own; what is there is listed too
   */
  listFolders(wait: Wait, root?: string): Promise<FolderListing>;
  /**
   * Ends this session but not its connection, which goes on in the hands of a pipelining client: no byte is lost or
   * seen twice. Not while a command is running.
   * @param wait for the server to take note of who we are; nothing is held up by it.
   */
  takeOver(wait: Wait): ImapConnection;
  /** Says goodbye and closes; the server's answer is not waited for. Does nothing after `takeOver`. */
  close(): void;
}

/** How long a server may take to hang up after the goodbye, in ms. */
const FAREWELL_MS = 1_000;
/** imapflow's tags are hexadecimal numbers, so these cannot meet them. */
const TAG_PREFIX = 'Mh';

export class ImapflowSession implements ImapSession {
  readonly capabilities: ReadonlySet<string>;
  // Private to the language, so that printing a session cannot print the credential in imapflow's options.
  readonly #client: ImapflowClient;
  readonly #side: ImapSide;
  #state: 'free' | 'busy' | 'over' = 'free';

  constructor(client: ImapflowClient, side: ImapSide) {
    this.#client = client;
    this.#side = side;
    this.capabilities = new Set(
      [...client.imapflow.capabilities].map(([name, value]) =>
        typeof value === 'number' ? `${name.toUpperCase()}=${value}` : name.toUpperCase(),
      ),
    );
  }

  async readNamespace(wait: Wait): Promise<FolderListing['namespace']> {
    return this.#alone(async (client) => {
      await askNamespaces(client, wait);
      const { prefix = '', delimiter } = client.imapflow.namespace ?? {};
      // Missing where the server has no hierarchy, or tells none.
      return { prefix, delimiter: delimiter ?? '' };
    });
  }

  async listFolders(wait: Wait, root?: string): Promise<FolderListing> {
    return this.#alone(async (client) => {
      await askNamespaces(client, wait);
      if (root !== undefined) client.imapflow.listBeyondOwn();
      return client.run('LIST', wait, (imapflow) =>
        listFolders(imapflow, client.stream.lines, this.capabilities.has('LIST-STATUS')),
      );
    });
  }

  takeOver(wait: Wait): ImapConnection {
    if (this.#state === 'busy') throw new Error('A session cannot be taken over while a command is running.');
    this.#demandOpen();
    try {
      const socket = this.#client.stream.detach();
      const connection = new ImapConnection(socket, {
        capabilities: this.capabilities,
        tagPrefix: TAG_PREFIX,
        side: this.#side,
        scrub: this.#client.scrub,
        refusals: this.#client.refusals,
      });
      socket.resume();
      introduce(connection, wait);
      return connection;
    } catch (error) {
      throw this.#attributed(error);
    } finally {
      this.#state = 'over';
      this.#client.close();
    }
  }

  close(): void {
    const wasFree = this.#state === 'free';
    if (this.#state === 'over') return;
    this.#state = 'over';
    const { stream } = this.#client;
    if (wasFree && !stream.gone) sayGoodbye(stream.detach());
    this.#client.close();
  }

  /** One thing at a time: imapflow would queue what comes in between, and a handover must not. */
  async #alone<T>(action: (client: ImapflowClient) => Promise<T>): Promise<T> {
    if (this.#state === 'busy') throw new Error('A session runs one command at a time.');
    this.#demandOpen();
    this.#state = 'busy';
    try {
      return await action(this.#client);
    } catch (error) {
      throw this.#attributed(error);
    } finally {
      if (this.#state === 'busy') this.#state = 'free';
    }
  }

  #demandOpen(): void {
    if (this.#state === 'over') throw new Error('This session has ended or was taken over.');
  }

  #attributed(error: unknown): unknown {
    return error instanceof ImapError ? error.attributeTo(this.#side) : error;
  }
}

/** A server that refuses to tell its namespaces is listed as if it had none. */
async function askNamespaces(client: ImapflowClient, wait: Wait): Promise<void> {
  try {
    await client.run('NAMESPACE', wait, (imapflow) => imapflow.askNamespaces());
  } catch (error) {
    if (!(error instanceof CommandRefusedError)) throw error;
  }
}

/**
 * Some servers let nobody open a mailbox before ID (RFC 2971; NetEase). Whatever they answer holds nothing up:
 * commands are carried out in order.
 */
function introduce(connection: ImapConnection, wait: Wait): void {
  if (!connection.capabilities.has('ID')) return;
  connection.run('ID ("name" "Mailhaul" "vendor" "Mailhaul")', wait).catch(() => undefined);
}

/** Nothing depends on whether the server hears it. */
function sayGoodbye(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), FAREWELL_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => undefined);
  socket.resume();
  socket.end(`${TAG_PREFIX} LOGOUT\r\n`);
}
