import type { ImapFlow, NamespaceObject } from 'imapflow';
import { CommandRefusedError, ImapError, type ImapSide } from '../errors.ts';
import { ImapConnection } from '../wire/imap-connection.ts';
import type { Wait } from '../wire/wait.ts';
import type { ImapflowClient } from './imapflow-client.ts';
import { type ListedFolder, listFolders } from './list-folders.ts';

/**
 * A signed-in connection, for what needs knowledge of providers rather than speed. Commands run one after the other.
 * Every method throws ImapErrors, or the reason of the signal that ended it; then the connection is closed, except
 * after a CommandRefusedError.
 */
export interface ImapSession {
  /** After the sign-in, upper case. */
  readonly capabilities: ReadonlySet<string>;
  /** Of the user's own folders (RFC 2342); `delimiter` is empty where the server has no hierarchy. */
  readonly namespace: { readonly prefix: string; readonly delimiter: string };
  /** Every folder; with counters where the server gives them in the same command (LIST-STATUS). */
  listFolders(wait: Wait): Promise<ListedFolder[]>;
  /** Creates and subscribes. That it exists already is fine. @param path decoded, with prefix. */
  createFolder(path: string, wait: Wait): Promise<void>;
  /**
   * Ends this session but not its connection, which goes on in the hands of a pipelining client: no byte is lost or
   * seen twice. Not while a command is running.
   */
  takeOver(): ImapConnection;
  /** Says goodbye, briefly, and closes. Does nothing after `takeOver`. */
  close(): Promise<void>;
}

const FAREWELL_MS = 1_000;
/** imapflow's tags are hexadecimal numbers, so these cannot meet them. */
const TAG_PREFIX = 'Mh';

export class ImapflowSession implements ImapSession {
  readonly capabilities: ReadonlySet<string>;
  readonly namespace: { readonly prefix: string; readonly delimiter: string };
  // Private to the language, so that printing a session cannot print the credential in imapflow's options.
  readonly #client: ImapflowClient;
  readonly #side: ImapSide;
  #state: 'free' | 'busy' | 'over' = 'free';

  constructor(client: ImapflowClient, side: ImapSide) {
    const { imapflow } = client;
    this.#client = client;
    this.#side = side;
    this.capabilities = new Set(
      [...imapflow.capabilities].map(([name, value]) =>
        typeof value === 'number' ? `${name.toUpperCase()}=${value}` : name.toUpperCase(),
      ),
    );
    this.namespace = {
      prefix: imapflow.namespace?.prefix ?? '',
      delimiter: delimiterOf(imapflow.namespace),
    };
  }

  async listFolders(wait: Wait): Promise<ListedFolder[]> {
    return this.#run('LIST', wait, (client) =>
      listFolders(client, this.#client.stream.lines, this.capabilities.has('LIST-STATUS')),
    );
  }

  async createFolder(path: string, wait: Wait): Promise<void> {
    const { prefix } = this.namespace;
    if (path.toUpperCase() !== 'INBOX' && !path.startsWith(prefix)) {
      // imapflow would put the prefix in front and create another folder than the one asked for.
      throw new RangeError(`The folder is to be created outside of the namespace "${prefix}".`);
    }
    try {
      await this.#run('CREATE', wait, (client) => client.mailboxCreate(path));
    } catch (error) {
      if (!saysItExists(error)) throw error;
      await this.#run('SUBSCRIBE', wait, (client) => client.mailboxSubscribe(path));
    }
  }

  takeOver(): ImapConnection {
    if (this.#state === 'busy') throw new Error('A session cannot be taken over while a command is running.');
    this.#demandOpen();
    try {
      const socket = this.#client.stream.detach();
      const connection = new ImapConnection(socket, {
        capabilities: this.capabilities,
        tagPrefix: TAG_PREFIX,
        side: this.#side,
      });
      socket.resume();
      return connection;
    } catch (error) {
      throw this.#attributed(error);
    } finally {
      this.#state = 'over';
      this.#client.close();
    }
  }

  async close(): Promise<void> {
    const wasFree = this.#state === 'free';
    if (this.#state === 'over') return;
    this.#state = 'over';
    try {
      if (wasFree && !this.#client.stream.gone) {
        const wait = { signal: AbortSignal.timeout(FAREWELL_MS), deadlineMs: FAREWELL_MS };
        await this.#client.run('LOGOUT', wait, (client) => client.logout());
      }
    } catch {
      // The mail is safe whether or not the server says goodbye.
    } finally {
      this.#client.close();
    }
  }

  async #run<T>(command: string, wait: Wait, action: (client: ImapFlow) => Promise<T>): Promise<T> {
    if (this.#state === 'busy') throw new Error('A session runs one command at a time.');
    this.#demandOpen();
    this.#state = 'busy';
    try {
      return await this.#client.run(command, wait, action);
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

function delimiterOf(namespace: NamespaceObject | undefined): string {
  // NIL where the server has no hierarchy, which imapflow's types do not know.
  return namespace?.delimiter ?? '';
}

function saysItExists(error: unknown): boolean {
  if (!(error instanceof CommandRefusedError) || error.status !== 'NO') return false;
  return (
    error.responseCode === 'ALREADYEXISTS' || /\balready exists?\b|\bmailbox exists\b/i.test(error.serverText)
  );
}
