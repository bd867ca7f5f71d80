import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { DEFAULT_LABEL_POLICY, type LabelPolicy } from '../../shared/migration/label-policy.ts';

export interface LabelOptions {
  readonly eachLabel?: true;
  readonly oneFolder?: true;
  readonly important?: true;
  readonly chats?: true;
}

export const LABELS_HELP = `
Gmail has labels in place of folders. Each message is copied once, with the first of its labels (its user's own, then
Sent, Drafts, Inbox; what has none comes to the archive), or with --each-label into the folder of each: it is downloaded
once, and the destination copies it. The choice is kept in --state like the others; --one-folder takes --each-label back
for what comes from then on.
`;

export function addLabelOptions(command: Command): Command {
  return command
    .option('--each-label', 'Gmail: copy a message into the folder of each of its labels')
    .option('--one-folder', 'Gmail: copy it once, with the first of its labels (default)')
    .option('--important', 'Gmail: what it takes for important becomes a folder, too')
    .option('--chats', 'Gmail: chats become a folder, too');
}

/** Undefined where nothing was said: then what was chosen before counts. @throws UsageError */
export function readLabelOptions({
  chats,
  eachLabel,
  important,
  oneFolder,
}: LabelOptions): LabelPolicy | undefined {
  if (eachLabel === true && oneFolder === true) {
    throw new UsageError('Give --each-label or --one-folder, not both.');
  }
  if ([chats, eachLabel, important, oneFolder].every((given) => given === undefined)) return undefined;
  return {
    copies: eachLabel === true ? 'each-label' : DEFAULT_LABEL_POLICY.copies,
    important: important === true,
    chats: chats === true,
  };
}
