import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CursorInvalidError } from './errors.ts';

/** One page of a list. */
export interface PageRequest {
  /** Records at most; clamped to 1..1000. */
  readonly limit: number;
  /** As the page before gave it; the first page has none. */
  readonly cursor?: string | undefined;
}

export interface PageOf<Record> {
  readonly items: Record[];
  /** Missing on the last page. */
  readonly cursor?: string;
}

export function clampLimit(limit: number): number {
  return Math.max(1, Math.min(1000, Math.trunc(limit)));
}

const MAX_CURSOR_LENGTH = 3000;
const content = z.tuple([z.string(), z.string().min(1)]);

/**
 * A cursor names the last key of a page: where it stands in the list, and a digest of which list that is. The
 * partition itself is never taken from a cursor but built from the caller's own tenant, so that no cursor, forged or
 * borrowed, leads elsewhere; the digest turns such a one into an error instead of a surprising page.
 *
 * @param list the list's partition and range, unique among all lists of all tenants
 * @param position the key's last part
 */
export function encodeCursor(list: string, position: string): string {
  return Buffer.from(JSON.stringify([digest(list), position])).toString('base64url');
}

/** @throws CursorInvalidError for a cursor of another list, and for anything that {@link encodeCursor} did not make */
export function decodeCursor(list: string, cursor: string): string {
  if (cursor.length > MAX_CURSOR_LENGTH) throw new CursorInvalidError();
  const parsed = content.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) throw new CursorInvalidError();
  const [listDigest, position] = parsed.data;
  if (listDigest !== digest(list)) throw new CursorInvalidError();
  return position;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function digest(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, 16);
}
