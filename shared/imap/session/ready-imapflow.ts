import { ImapFlow, type ImapFlowOptions } from 'imapflow';

declare module 'imapflow' {
  /** Marked as internal there and left out of its types; the version is pinned, and tests hear a change. */
  interface ImapFlow {
    /** What every command goes through. */
    run(command: string, ...args: unknown[]): Promise<unknown>;
    /** Set where a server is known to refuse LSUB, or to be asked for subscriptions along with LIST. */
    skipLsub: boolean;
    skipListSubscribedArg: boolean;
  }
}

/** What imapflow asks while a session starts, and we only when it is needed. */
const NOT_AT_THE_START: ReadonlySet<string> = new Set(['ID', 'NAMESPACE']);

/**
 * imapflow whose `connect()` ends with the sign-in, and whose `list()` does not ask for subscriptions. Each would cost
 * a round trip, and nobody here looks at the answers.
 */
export class ReadyImapflow extends ImapFlow {
  constructor(options: ImapFlowOptions) {
    super(options);
    this.skipLsub = true;
    this.skipListSubscribedArg = true;
  }

  override async run(command: string, ...args: unknown[]): Promise<unknown> {
    if (!this.usable && NOT_AT_THE_START.has(command.toUpperCase())) return undefined;
    return super.run(command, ...args);
  }

  /** From now on `list()` tells every folder that can be seen, and not only those below the personal prefix. */
  listBeyondOwn(): void {
    if (this.namespace) this.namespace = { ...this.namespace, prefix: '' };
  }

  /**
   * Learns the namespaces (RFC 2342), once; `list()` needs them.
   * @throws an error with the fields of imapflow's own when the server refuses or the connection ends
   */
  async askNamespaces(): Promise<void> {
    if (this.namespaces !== undefined) return;
    const answer = await this.run('NAMESPACE');
    if (!isFailure(answer)) return;
    throw Object.assign(new Error('NAMESPACE failed.'), {
      responseStatus: answer.status,
      responseText: answer.text,
    });
  }
}

/** imapflow does not throw what goes wrong with NAMESPACE. */
function isFailure(answer: unknown): answer is { error: true; status?: unknown; text?: unknown } {
  return typeof answer === 'object' && answer !== null && 'error' in answer && answer.error === true;
}
