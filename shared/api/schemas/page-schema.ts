import * as z from 'zod';

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

/** `?limit=&cursor=` of every list. */
export const pageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `Give a number between 1 and ${MAX_LIMIT}`)
    .transform(Number)
    .pipe(z.number().int().min(1).max(MAX_LIMIT))
    .optional()
    .meta({ description: `Records at most, 1 to ${MAX_LIMIT}; ${DEFAULT_LIMIT} without it` }),
  cursor: z.string().min(1).max(3000).optional().meta({ description: '`nextCursor` of the page before' }),
});

/** A page of a list. A page may hold fewer than `limit` and still not be the last. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().optional().meta({ description: 'Missing on the last page' }),
  });
}

/** What the query asks of a repository. */
export function pageRequest(query: { limit?: number | undefined; cursor?: string | undefined }): {
  limit: number;
  cursor?: string;
} {
  return {
    limit: query.limit ?? DEFAULT_LIMIT,
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  };
}

/** The answer to a list. */
export function pageAnswer<Stored, Shown>(
  page: { items: readonly Stored[]; cursor?: string },
  show: (record: Stored) => Shown,
): { status: 200; body: { items: Shown[]; nextCursor?: string } } {
  const items = page.items.map((record) => show(record));
  return { status: 200, body: page.cursor === undefined ? { items } : { items, nextCursor: page.cursor } };
}
