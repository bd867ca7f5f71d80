import type { Lane } from '../state/lane-repository.ts';
import { addProgress, noProgress } from '../state/lane-record.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';

export interface MailboxProgress {
  messages: {
    listed: number;
    done: number;
    pending: number;
    copied: number;
    adopted: number;
    skipped: number;
    underOtherLabel: number;
    failed: number;
  };
  bytes: { done: number; estimatedTotal?: number };
  folders: number;
  rate?: { messagesPerSecond: number; bytesPerSecond: number };
  secondsLeft?: number;
}

/**
 * How far a mailbox is: the totals of the last tally, and while a pass copies what its lanes have reported since.
 * Reports are for people: a lane that has died may have reported what will be counted again, so nothing here may
 * exceed what is listed.
 */
export function mailboxProgress(record: MailboxRecord, lanes: readonly Lane[], now: number): MailboxProgress {
  const { totals, pass } = record;
  const copying = pass.phase === 'copying';
  const reported = lanes
    .filter((lane) => copying && lane.lane >= 0 && lane.pass === pass.number)
    .reduce((sum, lane) => addProgress(sum, lane.progress), noProgress());
  let room = totals.pending;
  const grown = (tallied: number, since: number): number => {
    const taken = Math.min(since, room);
    room -= taken;
    return tallied + taken;
  };
  const copied = grown(totals.copied, reported.copied);
  const adopted = grown(totals.adopted, reported.adopted);
  const skipped = grown(totals.skipped, reported.skipped);
  const messages = {
    listed: totals.listed,
    copied,
    adopted,
    skipped,
    underOtherLabel: totals.underOtherLabel + Math.min(skipped - totals.skipped, reported.underOtherLabel),
    failed: grown(totals.failed, reported.failed),
    pending: room,
    done: totals.listed - room,
  };
  const bytes = totals.bytes + reported.bytes;
  const stored = messages.copied + messages.adopted;
  const seconds = (now - pass.startedAt) / 1000;
  const handled = reported.copied + reported.adopted + reported.skipped + reported.failed;
  const moving = copying && handled > 0 && seconds > 0;
  const perSecond = moving ? handled / seconds : 0;
  return {
    messages,
    bytes: {
      done: bytes,
      ...(stored === 0 ? {} : { estimatedTotal: Math.round((bytes / stored) * (stored + messages.pending)) }),
    },
    folders: totals.folders,
    ...(moving ? { rate: { messagesPerSecond: perSecond, bytesPerSecond: reported.bytes / seconds } } : {}),
    ...(moving ? { secondsLeft: Math.ceil(messages.pending / perSecond) } : {}),
  };
}
