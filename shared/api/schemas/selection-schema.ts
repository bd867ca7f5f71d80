import * as z from 'zod';
import { FolderMapError, FolderPatternError } from '../../migration/errors.ts';
import { parseFolderMap } from '../../migration/selection/folder-map.ts';
import { parseFolderPattern } from '../../migration/selection/folder-pattern.ts';
import type { MailSelection } from '../../migration/selection/mail-selection.ts';
import { lineSchema } from './bounded-text.ts';

/** Entries of one list. */
const MAX_ENTRIES = 100;
const name = lineSchema(1_000);
const patterns = z.array(name).max(MAX_ENTRIES);
const day = z.iso.date();

const PATTERN_HELP =
  'Names parted by /, whatever the servers’ delimiters, without the personal namespace. * stands for any characters, % for any of one name, \\ takes the next character as it is. #Inbox#, #SentItems#, #DeletedItems#, #JunkEmail#, #Drafts# and #Archive# at the beginning stand for the folders of that use, whatever they are called. A pattern that ends with /* also means the folder above.';

const fields = z.strictObject({
  folderMap: z
    .array(z.strictObject({ source: name, destination: name }))
    .max(MAX_ENTRIES)
    .optional()
    .meta({
      description:
        'Where folders come at the destination, before all other rules; the first entry that fits counts, and folders below follow. Wildcards of a destination stand for what those of its source stand for, in the same order. A folder that has been copied stays where it is.',
    }),
  include: patterns
    .optional()
    .meta({ description: `Folders to be copied; without it all are. ${PATTERN_HELP}` }),
  exclude: patterns
    .optional()
    .meta({ description: 'Folders that are left out, also inside of what is included' }),
  junk: z.boolean().optional().meta({ description: 'Whether junk mail is copied. Default true' }),
  trash: z.boolean().optional().meta({ description: 'Whether deleted mail is copied. Default true' }),
  since: day.optional().meta({
    description: 'Messages that the source received on this day or later (INTERNALDATE)',
    example: '2020-01-01',
  }),
  before: day
    .optional()
    .meta({ description: 'Messages that it received before this day', example: '2021-01-01' }),
  maxMessageBytes: z
    .number()
    .int()
    .min(1)
    .max(0xffff_ffff)
    .optional()
    .meta({ description: 'Messages of at most so many bytes, as the source tells their sizes' }),
});

/** Wrong patterns and entries are told by their place. */
export const selectionInputSchema = fields
  .superRefine(({ folderMap, include, exclude, since, before }, context) => {
    const wrong = (path: Array<string | number>, message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    for (const [list, entries] of Object.entries({ include, exclude })) {
      for (const [index, pattern] of (entries ?? []).entries()) {
        const problem = patternProblem(pattern);
        if (problem !== undefined) wrong([list, index], problem);
      }
    }
    try {
      parseFolderMap(folderMap ?? []);
    } catch (error) {
      if (!(error instanceof FolderMapError)) throw error;
      wrong(['folderMap', error.index, error.field], error.message);
    }
    if (since !== undefined && before !== undefined && since >= before) {
      wrong(['before'], 'It must be later than since.');
    }
  })
  .meta({ id: 'SelectionInput', description: 'What of the mailboxes is copied, and where to' });

export const selectionSchema = fields.meta({
  id: 'Selection',
  description: 'What of the mailboxes is copied, and where to; the same for every pass',
});

/** Without the keys that were not given. */
export function selectionOf(input: z.output<typeof selectionInputSchema>): MailSelection {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

export function showSelection(selection: MailSelection): z.input<typeof selectionSchema> {
  const { folderMap, include, exclude, ...rest } = selection;
  return {
    ...(folderMap === undefined ? {} : { folderMap: [...folderMap] }),
    ...(include === undefined ? {} : { include: [...include] }),
    ...(exclude === undefined ? {} : { exclude: [...exclude] }),
    ...rest,
  };
}

function patternProblem(pattern: string): string | undefined {
  try {
    parseFolderPattern(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof FolderPatternError) return error.message;
    throw error;
  }
}
