import { openSignedIn } from '../imap/session/open-signed-in.ts';
import type { ImapSession } from '../imap/session/open-session.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import type { Services } from '../services.ts';
import { HostSlots } from './host-slots.ts';
import type { MailboxAccess } from './mailbox-access.ts';

/** Ms of silence that one answer may take; a large mailbox may be slow to open. */
export const ANSWER_DEADLINE_MS = 120_000;
/** Ms that a server may take to say goodbye. */
const FAREWELL_MS = 2_000;

/** Both ends of a mailbox, signed in. Whoever has it closes or abandons it; doing so again changes nothing. */
export class BothEnds {
  readonly access: MailboxAccess;
  readonly source: ImapSession;
  readonly destination: ImapSession;
  readonly #slots: HostSlots;
  #connections: { readonly source: ImapConnection; readonly destination: ImapConnection } | undefined;

  private constructor(
    access: MailboxAccess,
    slots: HostSlots,
    { source, destination }: { source: ImapSession; destination: ImapSession },
  ) {
    this.access = access;
    this.source = source;
    this.destination = destination;
    this.#slots = slots;
    slots.onLost(() => this.#break());
  }

  /**
   * Opens both at once.
   * @param slots that are held until they are closed; an admin who looks needs none
   * @throws ImapError with its side; then neither is left open
   */
  static async open(
    services: Services,
    access: MailboxAccess,
    wait: Wait,
    slots: HostSlots = HostSlots.none(),
  ): Promise<BothEnds> {
    const reaching = {
      wait,
      addressPolicy: { allowPrivate: services.environment.allowPrivateAddresses },
      resolver: services.hostResolver,
    };
    const [source, destination] = await Promise.allSettled([
      openSignedIn(access.source.endpoint, access.source.credentials, { ...reaching, side: 'source' }),
      openSignedIn(access.destination.endpoint, access.destination.credentials, {
        ...reaching,
        side: 'destination',
      }),
    ]);
    if (source.status === 'fulfilled' && destination.status === 'fulfilled') {
      return new BothEnds(access, slots, { source: source.value, destination: destination.value });
    }
    for (const session of [source, destination]) if (session.status === 'fulfilled') session.value.close();
    await slots.release();
    throw source.status === 'rejected' ? source.reason : (destination as PromiseRejectedResult).reason;
  }

  /** The bare connections, for bulk work: from now on the sessions cannot be used. */
  takeOver(wait: Wait): { readonly source: ImapConnection; readonly destination: ImapConnection } {
    this.#connections ??= {
      source: this.source.takeOver(wait),
      destination: this.destination.takeOver(wait),
    };
    return this.#connections;
  }

  /** Works with them, then says goodbye; after a failure nothing that was sent is waited for. */
  async use<Result>(work: (ends: BothEnds) => Promise<Result>): Promise<Result> {
    try {
      const result = await work(this);
      await this.close();
      return result;
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  /** Says goodbye to both. Never throws. */
  async close(): Promise<void> {
    if (this.#connections === undefined) {
      this.source.close();
      this.destination.close();
    } else {
      const wait: Wait = { signal: AbortSignal.timeout(FAREWELL_MS), deadlineMs: FAREWELL_MS };
      const { source, destination } = this.#connections;
      await Promise.all([source.logout(wait), destination.logout(wait)]);
    }
    await this.#slots.release();
  }

  /** Breaks both off: the fewer commands the servers still carry out, the better. Never throws. */
  async abandon(): Promise<void> {
    this.#break();
    await this.#slots.release();
  }

  #break(): void {
    this.#connections?.source.destroy();
    this.#connections?.destination.destroy();
    this.source.close();
    this.destination.close();
  }
}
