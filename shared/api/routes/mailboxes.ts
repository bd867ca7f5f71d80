import * as z from 'zod';
import type { FolderRecord } from '../../state/folder-repository.ts';
import { decodeCursor, encodeCursor } from '../../state/cursor.ts';
import { CursorInvalidError } from '../../state/errors.ts';
import { requireMailbox, showWithWork } from '../mailbox-of.ts';
import { defineRoute } from '../route.ts';
import { eventSchema, folderSchema, showEvent, showFolder } from '../schemas/report-schema.ts';
import { idSchema } from '../schemas/bounded-text.ts';
import { mailboxSchema } from '../schemas/mailbox-schema.ts';
import { pageAnswer, pageQuery, pageRequest, pageSchema } from '../schemas/page-schema.ts';

const mailboxParams = z.strictObject({ mailboxId: idSchema });

export const getMailbox = defineRoute({
  method: 'GET',
  path: '/v1/mailboxes/{mailboxId}',
  operationId: 'getMailbox',
  summary: 'One mailbox, with what its workers do at this moment',
  access: 'mailhaul:read',
  params: mailboxParams,
  answers: [{ status: 200, description: 'The mailbox' }],
  answer: mailboxSchema,
  handle: async ({ params }, context) => ({
    status: 200,
    body: await showWithWork(context, await requireMailbox(context, params.mailboxId)),
  }),
});

export const listMailboxFolders = defineRoute({
  method: 'GET',
  path: '/v1/mailboxes/{mailboxId}/folders',
  operationId: 'listMailboxFolders',
  summary: 'The folders of a mailbox and how far they are',
  access: 'mailhaul:read',
  params: mailboxParams,
  query: pageQuery,
  answers: [{ status: 200, description: 'A page of folders, the inbox first' }],
  answer: pageSchema(folderSchema),
  handle: async ({ params, query }, context) => {
    const mailbox = await requireMailbox(context, params.mailboxId);
    const folders = await context.services.state.folders.list(mailbox);
    const list = `folders\n${JSON.stringify([mailbox.tenant, mailbox.mailboxId])}`;
    return pageAnswer(pageOfFolders(folders, list, pageRequest(query)), showFolder);
  },
});

export const listMailboxEvents = defineRoute({
  method: 'GET',
  path: '/v1/mailboxes/{mailboxId}/events',
  operationId: 'listMailboxEvents',
  summary: 'What happened to a mailbox, newest first',
  access: 'mailhaul:read',
  params: mailboxParams,
  query: pageQuery,
  answers: [{ status: 200, description: 'A page of events' }],
  answer: pageSchema(eventSchema),
  handle: async ({ params, query }, context) => {
    const mailbox = await requireMailbox(context, params.mailboxId);
    return pageAnswer(await context.services.state.events.list(mailbox, pageRequest(query)), showEvent);
  },
});

/** All folders of a mailbox are read at once; they are shown in the order of the copy, not of their ids. */
function pageOfFolders(
  folders: readonly FolderRecord[],
  list: string,
  page: { limit: number; cursor?: string },
): { items: FolderRecord[]; cursor?: string } {
  const sorted = folders.toSorted(
    (a, b) => a.rank - b.rank || a.order - b.order || (a.folderId < b.folderId ? -1 : 1),
  );
  const last = page.cursor === undefined ? undefined : decodeCursor(list, page.cursor);
  const start = last === undefined ? 0 : sorted.findIndex(({ folderId }) => folderId === last) + 1;
  if (last !== undefined && start === 0) throw new CursorInvalidError();
  const items = sorted.slice(start, start + page.limit);
  const end = items.at(-1);
  return end === undefined || start + items.length >= sorted.length
    ? { items }
    : { items, cursor: encodeCursor(list, end.folderId) };
}
