import type { Command } from 'commander';
import { selectionInputSchema, selectionOf } from '../../shared/api/schemas/selection-schema.ts';
import type { MailSelection } from '../../shared/migration/selection/mail-selection.ts';
import { UsageError } from '../errors.ts';
import { wholeNumber } from './option-values.ts';

export interface SelectionOptions {
  readonly map?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** False for --no-junk. */
  readonly junk: boolean;
  /** False for --no-trash. */
  readonly trash: boolean;
  readonly since?: string;
  readonly before?: string;
  readonly maxSize?: number;
}

export const SELECTION_HELP = `
Folders in patterns: names parted by /, on every server. * stands for any characters, % for any of one name, \\ takes
the next character as it is. #Inbox#, #SentItems#, #DeletedItems#, #JunkEmail#, #Drafts# and #Archive# stand for the
folders of that use, whatever they are called; #Inbox#/* is the inbox with all that is below it. What is chosen is kept
in --state: without any of these options a later run uses what was chosen before. "mailhaul folders" shows the outcome.
`;

/** How each part of a selection is said on the command line. */
const OPTION_OF: Readonly<Record<keyof MailSelection, string>> = {
  folderMap: '--map',
  include: '--include',
  exclude: '--exclude',
  junk: '--no-junk',
  trash: '--no-trash',
  since: '--since',
  before: '--before',
  maxMessageBytes: '--max-size',
};

export function addSelectionOptions(command: Command): Command {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return command
    .option('--map <source=destination>', 'where a folder comes at the destination; may be repeated', collect)
    .option('--include <folders>', 'copy only these folders; may be repeated', collect)
    .option('--exclude <folders>', 'leave these folders out; may be repeated', collect)
    .option('--no-junk', 'leave junk mail out')
    .option('--no-trash', 'leave deleted mail out')
    .option('--since <day>', 'messages that the source received on this day or later, YYYY-MM-DD')
    .option('--before <day>', 'messages that it received before this day')
    .option('--max-size <bytes>', 'messages of at most so many bytes', wholeNumber(1, 999_999_999));
}

/**
 * @returns undefined where nothing is chosen
 * @throws UsageError naming the option
 */
export function readSelectionOptions(options: SelectionOptions): MailSelection | undefined {
  const { include, exclude, since, before, maxSize } = options;
  const input = {
    ...(options.map === undefined ? {} : { folderMap: options.map.map(mapEntry) }),
    ...(include === undefined ? {} : { include: [...include] }),
    ...(exclude === undefined ? {} : { exclude: [...exclude] }),
    ...(options.junk ? {} : { junk: false }),
    ...(options.trash ? {} : { trash: false }),
    ...(since === undefined ? {} : { since }),
    ...(before === undefined ? {} : { before }),
    ...(maxSize === undefined ? {} : { maxMessageBytes: maxSize }),
  };
  if (Object.keys(input).length === 0) return undefined;
  const parsed = selectionInputSchema.safeParse(input);
  if (parsed.success) return selectionOf(parsed.data);
  const [issue] = parsed.error.issues;
  const [key, index] = issue?.path ?? [];
  // The schema is strict, so that every path begins with one of its keys.
  const option = OPTION_OF[key as keyof MailSelection];
  const which = typeof index === 'number' && index > 0 ? ` (number ${index + 1})` : '';
  throw new UsageError(`${option}${which} is wrong. ${issue?.message ?? ''}`);
}

/** @throws UsageError */
function mapEntry(text: string): { source: string; destination: string } {
  const [, source = '', destination = ''] = /^((?:[^\\=]|\\.)+)=(.+)$/su.exec(text) ?? [];
  if (source === '') {
    throw new UsageError(
      '--map is not SOURCE=DESTINATION. Give both folders, with \\= for a name that has the sign itself.',
    );
  }
  return { source, destination };
}
