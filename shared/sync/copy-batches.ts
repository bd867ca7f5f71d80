import { type UidBatch, uidBatches } from '../imap/wire/uid-batches.ts';
import type { CopySource } from '../state/page-record.ts';

/**
 * Messages and bytes of one command, as of an APPEND of several: what a server still carries out when its connection is
 * gone is over within the settling time, and what a refusal concerns is little.
 */
const MESSAGES_PER_COMMAND = 50;
const BYTES_PER_COMMAND = 8 * 1024 * 1024;
const COMMANDS_IN_FLIGHT = 4;

export type PlacedEntry = CopySource['entries'][number];

/** Messages of one home that one command copies, by their UIDs there. */
export interface CopyBatch extends UidBatch {
  readonly messages: ReadonlyMap<number, PlacedEntry>;
}

/** The commands that copy messages of one home, as many together as may be in flight. */
export function* copyBatches(messages: readonly PlacedEntry[]): Generator<CopyBatch[]> {
  let open: CopyBatch[] = [];
  for (const batch of batchesOf(messages)) {
    open.push(batch);
    if (open.length < COMMANDS_IN_FLIGHT) continue;
    yield open;
    open = [];
  }
  if (open.length > 0) yield open;
}

function* batchesOf(messages: readonly PlacedEntry[]): Generator<CopyBatch> {
  const sorted = messages.toSorted((a, b) => a.destinationUid - b.destinationUid);
  let open: PlacedEntry[] = [];
  let bytes = 0;
  for (const message of sorted) {
    const isFull = open.length >= MESSAGES_PER_COMMAND || bytes + message.size > BYTES_PER_COMMAND;
    if (isFull && open.length > 0) {
      yield* commandsFor(open);
      open = [];
      bytes = 0;
    }
    open.push(message);
    bytes += message.size;
  }
  yield* commandsFor(open);
}

function* commandsFor(messages: readonly PlacedEntry[]): Generator<CopyBatch> {
  const byUid = new Map(messages.map((message) => [message.destinationUid, message]));
  for (const batch of uidBatches([...byUid.keys()], MESSAGES_PER_COMMAND))
    yield { ...batch, messages: byUid };
}
