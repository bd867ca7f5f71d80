import * as z from 'zod';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { ITEM_REASONS } from '../../migration/item-reason.ts';
import type { EventRecord } from '../../state/event-repository.ts';
import type { FolderRecord } from '../../state/folder-repository.ts';
import type { ItemRecord } from '../../state/item-repository.ts';
import { countSchema, isoTime, timeSchema } from './bounded-text.ts';
import { totalsSchema } from './migration-schema.ts';

export const folderSchema = z
  .object({
    folderId: z.string(),
    sourcePath: z.string(),
    destinationPath: z.string(),
    specialUse: z.string().optional(),
    messages: totalsSchema.omit({ folders: true }),
    hidden: z
      .object({
        shown: countSchema,
        counted: countSchema
          .optional()
          .meta({ description: 'By the server; missing where it shows exactly as many as it may' }),
      })
      .optional()
      .meta({ description: 'It holds, or may hold, mail that the source does not show' }),
    vanished: z.boolean().meta({ description: 'It is no longer at the source; what was copied stays' }),
  })
  .meta({ id: 'Folder' });

export function showFolder(record: FolderRecord): z.input<typeof folderSchema> {
  const { folderId, sourcePath, destinationPath, specialUse, counts, hidden, vanished } = record;
  return {
    folderId,
    sourcePath,
    destinationPath,
    ...(specialUse === undefined ? {} : { specialUse }),
    messages: counts,
    ...(hidden && {
      hidden: { shown: hidden.shown, ...(hidden.kind === 'not-listed' && { counted: hidden.counted }) },
    }),
    vanished: vanished === true,
  };
}

export const itemSchema = z
  .object({
    folder: z.string(),
    uid: countSchema.meta({ description: 'At the source' }),
    state: z.enum(['copied', 'skipped', 'failed']),
    reason: z.object({ code: z.enum(ITEM_REASONS), summary: z.string(), remedy: z.string() }),
    attempts: countSchema,
    size: countSchema.optional(),
    date: z.string().optional(),
    from: z.string().optional(),
    subject: z.string().optional(),
    messageId: z.string().optional(),
    serverText: z.string().optional(),
    at: timeSchema,
  })
  .meta({
    id: 'Item',
    description: 'A message that was not copied, or that the destination keeps in another form',
  });

export function showItem(record: ItemRecord, catalogue: Catalogue): z.input<typeof itemSchema> {
  const { folderId: _folderId, folderPath, reason, at, ...rest } = record;
  return {
    ...rest,
    folder: folderPath,
    reason: { code: reason, ...catalogue.items[reason] },
    at: isoTime(at),
  };
}

export const eventSchema = z
  .object({
    at: timeSchema,
    type: z.string(),
    text: z.string(),
    data: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  })
  .meta({ id: 'Event' });

export function showEvent({ at, type, text, data }: EventRecord): z.input<typeof eventSchema> {
  return { at: isoTime(at), type, text, ...(data === undefined ? {} : { data: { ...data } }) };
}
