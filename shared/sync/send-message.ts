import { CommandRefusedError } from '../imap/errors.ts';
import type { AppendOutcome } from '../imap/transfer/append-outcome.ts';
import type { Appender } from '../imap/transfer/appender.ts';
import type { SourceMessage } from '../imap/transfer/source-message.ts';
import { writableFlags } from '../migration/flag-policy.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { LaneContext } from './lane-context.ts';
import { MessageWatch } from './message-watch.ts';
import type { PageOutcomes, PassedMessage } from './page-outcomes.ts';
import { refusalReason } from './refusal-reason.ts';

/** How a message is sent: `plain` without its flags; `again`: it may be sent once more; `attempts` counts earlier tries. */
interface SendRun {
  readonly plain: boolean;
  readonly again: boolean;
  readonly attempts: number;
  readonly outcomes: PageOutcomes;
}

/**
 * Sends one message on and follows its answer. Returns when its last byte is with the destination's socket; the
 * answer comes later and lands in `outcomes`.
 */
export async function sendMessage(
  lane: LaneContext,
  folder: FolderRecord,
  appender: Appender,
  message: SourceMessage,
  run: SendRun,
): Promise<void> {
  const { outcomes } = run;
  const { clock } = lane.services;
  const watch = new MessageWatch();
  const observe = (chunk: Uint8Array): void => watch.update(chunk);
  const passed = (): PassedMessage => ({
    uid: message.uid,
    attempts: run.attempts,
    fingerprint: watch.fingerprint(),
    size: message.size,
    summary: () => watch.summary(),
    hasNul: watch.hasNul,
    hasLongLine: watch.hasLongLine,
    oddForms: watch.oddForms(),
    beginning: () => watch.beginning(),
  });

  await lane.volumes.source?.take(message.size);
  const { appendLimit: limit } = lane;
  if (limit !== undefined && message.size > limit) {
    for await (const chunk of message.body) observe(chunk);
    lane.keeper.progress.skipped += 1;
    return outcomes.notTaken(
      passed(),
      'too-big',
      folder,
      clock.now(),
      `The server takes up to ${limit} bytes.`,
    );
  }

  await lane.volumes.destination?.take(message.size);
  await lane.pacer.take(lane.keeper.signal);
  const flags = run.plain ? [] : writableFlags(message.flags, folder.destination?.permanentFlags);
  const { outcome } = await appender.append({
    flags,
    internalDate: message.internalDate,
    size: message.size,
    body: message.body,
    observe,
  });
  outcomes.follow(takeAnswer(lane, folder, passed(), { outcome, flags, run }));
}

/** Waits for the server's answer and records what became of the message. */
async function takeAnswer(
  lane: LaneContext,
  folder: FolderRecord,
  message: PassedMessage,
  sent: { outcome: Promise<AppendOutcome>; flags: readonly string[]; run: SendRun },
): Promise<void> {
  const { again, outcomes, plain } = sent.run;
  const answer = await sent.outcome;
  if (answer.kind === 'appended') {
    count(lane, message);
    const replaced =
      answer.uidValidity !== undefined && answer.uidValidity !== folder.destination?.uidValidity;
    if (replaced) outcomes.destinationReplaced = true;
    if (answer.uid === undefined) outcomes.withoutUid.set(message.uid, message);
    else outcomes.copied(message, replaced ? 0 : answer.uid, sent.flags);
    const { uid } = answer;
    if (uid !== undefined && !replaced && lane.storedForms.inDoubt(message.oddForms)) {
      outcomes.doubtful.push({ ...message, destinationUid: uid });
    }
    return;
  }
  const { error } = answer;
  if (error.reason === 'folder-refused') {
    outcomes.destinationReplaced = true;
    return;
  }
  // Not a word about this message: it would be the same for all.
  if (error.reason === 'permission-denied') throw error;
  if (answer.kind === 'undecided') return outcomes.sendAlone(message.uid);
  if (error.reason === 'over-quota') {
    outcomes.destinationFull ??= error.serverText ?? error.message;
    return;
  }
  const reason = refusalReason(error, message);
  const give = (): void => {
    lane.keeper.progress.failed += 1;
    outcomes.notTaken(message, reason, folder, lane.services.clock.now(), error.serverText);
  };
  // "Internal error", from a server that goes on to take others: once more before it counts as a try.
  if (error.retryable) {
    outcomes.postpone(error, again ? () => outcomes.sendAlone(message.uid) : give);
    return;
  }
  // A flag may be what the server dislikes, and it does not always say so.
  const isFinal = reason === 'too-big' || reason === 'nul-byte' || reason === 'line-too-long';
  if (!plain && sent.flags.length > 0 && error instanceof CommandRefusedError && !isFinal) {
    outcomes.tryPlain(message.uid, give);
    return;
  }
  give();
}

function count(lane: LaneContext, message: PassedMessage): void {
  const { progress } = lane.keeper;
  progress.messages += 1;
  progress.copied += 1;
  progress.bytes += message.size;
}
