import { type AppendHead, mustAskFirst } from './append-arguments.ts';

/** A larger message goes alone: what a refused batch costs stays small. */
const LARGEST_MEMBER_BYTES = 1024 * 1024;
const BATCH_MESSAGES = 64;

/** Whether messages may share commands at all. */
export function sharesCommands(capabilities: ReadonlySet<string>): boolean {
  return capabilities.has('MULTIAPPEND') && capabilities.has('LITERAL+');
}

/**
 * Says which messages may share an APPEND command (RFC 3502): none unless the server has MULTIAPPEND and takes literals
 * without being asked.
 *
 * A refusal shows that the server dislikes some message of these, or is full, so the next ones go alone; as batches are
 * taken they grow again. So a mailbox full of messages that are refused costs little more than without batches.
 */
export class BatchLimits {
  readonly #most: number;
  readonly #bytes: number;
  #messages: number;

  constructor(
    capabilities: ReadonlySet<string>,
    options: { windowBytes: number; messages: number | undefined },
  ) {
    this.#most = sharesCommands(capabilities) ? (options.messages ?? BATCH_MESSAGES) : 1;
    this.#messages = this.#most;
    // several batches in flight: while one is answered the others are under way
    this.#bytes = options.windowBytes / 4;
  }

  /** Whether a message may be one of several. An empty one would cancel the others (RFC 3502 6.3.11). */
  admits(head: AppendHead): boolean {
    const { size } = head;
    return size > 0 && size <= Math.min(LARGEST_MEMBER_BYTES, this.#bytes) && !mustAskFirst(head);
  }

  /** Whether there is room for a further message. */
  hasRoom(batch: { messages: number; bytes: number }, size: number): boolean {
    return batch.messages < this.#messages && batch.bytes + size <= this.#bytes;
  }

  taken(): void {
    this.#messages = Math.min(this.#most, this.#messages * 2);
  }

  refused(): void {
    this.#messages = 1;
  }
}
