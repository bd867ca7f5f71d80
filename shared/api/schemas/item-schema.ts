import * as z from 'zod';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { ITEM_REASONS } from '../../migration/item-reason.ts';
import type { ItemFilter } from '../../migration/retry-wish.ts';
import type { ItemRecord } from '../../state/item-repository.ts';
import { countSchema, emailSchema, idSchema, isoTime, timeSchema } from './bounded-text.ts';
import { pageQuery } from './page-schema.ts';

const UNCOPIED = ['skipped', 'failed'] as const;
const STATES = ['copied', ...UNCOPIED] as const;
/** Folders are named by the beginning of a digest of their paths. */
const FOLDER_ID = '[0-9a-f]{16}';

/** Names a message on the report of a mailbox. */
const itemIdSchema = z
  .string()
  .regex(new RegExp(`^${FOLDER_ID}\\.[1-9]\\d{0,9}$`), 'This is not the identifier of an item')
  .meta({ description: 'As the list of items has it', example: '0123456789abcdef.77' });

export const itemSchema = z
  .object({
    itemId: z.string().meta({ description: 'By which it can be tried again' }),
    folderId: z.string(),
    folder: z.string(),
    uid: countSchema.meta({ description: 'At the source' }),
    state: z.enum(STATES).meta({ description: '`copied`: the destination keeps it in another form' }),
    reason: z.object({ code: z.enum(ITEM_REASONS), summary: z.string(), remedy: z.string() }),
    attempts: countSchema.meta({ description: 'All of them, also those that somebody asked for' }),
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

export const migrationItemSchema = itemSchema
  .extend({ mailboxId: idSchema, email: emailSchema })
  .meta({ id: 'MigrationItem', description: 'As an Item, and whose it is' });

export function showItem(record: ItemRecord, catalogue: Catalogue): z.input<typeof itemSchema> {
  const { folderPath, reason, at, ...rest } = record;
  return {
    ...rest,
    itemId: `${record.folderId}.${record.uid}`,
    folder: folderPath,
    reason: { code: reason, ...catalogue.items[reason] },
    at: isoTime(at),
  };
}

const reason = z.enum(ITEM_REASONS).optional();
const retryFields = { state: z.enum(UNCOPIED).optional(), reason };
const folderFilter = z.string().regex(new RegExp(`^${FOLDER_ID}$`), 'This is not the identifier of a folder');

/** `?state=&reason=` of lists of items, and `folderId` where the list is of one mailbox. */
export const migrationItemsQuery = pageQuery.extend({ state: z.enum(STATES).optional(), reason });
export const mailboxItemsQuery = migrationItemsQuery.extend({ folderId: folderFilter.optional() });

/** Items that one request may name: what is a few hundred kilobytes. */
const MAX_NAMED = 5_000;

export const migrationRetryFields = z.strictObject(retryFields);

export const mailboxRetrySchema = z
  .strictObject({
    items: z
      .array(itemIdSchema)
      .min(1)
      .max(MAX_NAMED)
      .optional()
      .meta({ description: 'Without it all of them, or all that fit the other fields' }),
    ...retryFields,
    folderId: folderFilter.optional(),
  })
  .refine(
    ({ items, ...filter }) =>
      items === undefined || Object.values(filter).every((given) => given === undefined),
    { message: 'Give items, or what they have in common, not both' },
  )
  .optional()
  .meta({ id: 'RetryInput' });

/** Without the keys that were not given. */
export function filterOf(
  input: {
    [Key in keyof ItemFilter]?: ItemFilter[Key] | undefined;
  },
): ItemFilter {
  const { folderId, reason, state } = input;
  return {
    ...(folderId !== undefined && { folderId }),
    ...(reason !== undefined && { reason }),
    ...(state !== undefined && { state }),
  };
}

/** UIDs by folder. @param itemIds as `itemIdSchema` has passed them */
export function uidsByFolder(itemIds: readonly string[]): Map<string, number[]> {
  const folders = new Map<string, number[]>();
  for (const itemId of new Set(itemIds)) {
    const [folderId = '', uid = ''] = itemId.split('.');
    const uids = folders.get(folderId);
    if (uids === undefined) folders.set(folderId, [Number(uid)]);
    else uids.push(Number(uid));
  }
  return folders;
}
