import { formatBytes } from '../text/format-bytes.ts';
import { formatDuration } from '../text/format-duration.ts';
import { printable } from '../text/printable.ts';
import { statusText } from '../text/status-text.ts';
import type { MailboxProgress } from './progress-snapshot.ts';

const MAX_NAME = 32;

/** The words after a bar or in a plain line: messages, bytes, rate and time left, or why it waits. */
export function describeProgress(
  progress: Omit<MailboxProgress, 'mailboxId' | 'destination' | 'status'>,
): string {
  if (progress.throttledUntil !== undefined) return `resumes at ${timeOfDay(progress.throttledUntil)}`;
  if (progress.attention !== undefined) return printable(progress.attention, 80);
  const parts = [
    `${progress.done.toLocaleString('en-US')}/${progress.listed.toLocaleString('en-US')} messages`,
    formatBytes(progress.bytes),
  ];
  if (progress.messagesPerSecond !== undefined && progress.messagesPerSecond >= 0.5) {
    parts.push(`${Math.round(progress.messagesPerSecond)} msg/s`);
    if (progress.bytesPerSecond !== undefined) parts.push(`${formatBytes(progress.bytesPerSecond)}/s`);
  }
  if (progress.secondsLeft !== undefined) parts.push(`${formatDuration(progress.secondsLeft)} left`);
  return parts.join(' · ');
}

export function mailboxLine(progress: MailboxProgress): string {
  return `${printable(progress.destination, MAX_NAME)}: ${statusText(progress.status)} · ${describeProgress(progress)}`;
}

/** `3 Synced, 1 Throttled`, in the order of the usual path. */
export function countStatuses(mailboxes: readonly Pick<MailboxProgress, 'status'>[]): string {
  const counts = new Map<string, number>();
  for (const { status } of mailboxes)
    counts.set(statusText(status), (counts.get(statusText(status)) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${count.toLocaleString('en-US')} ${text}`).join(', ');
}

function timeOfDay(ms: number): string {
  const date = new Date(ms);
  const time = date.toLocaleTimeString('en-GB');
  return date.toDateString() === new Date().toDateString()
    ? time
    : `${time} on ${date.toISOString().slice(0, 10)}`;
}
