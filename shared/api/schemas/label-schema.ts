import * as z from 'zod';
import { DEFAULT_LABEL_POLICY } from '../../migration/label-policy.ts';

const DEFAULTS = DEFAULT_LABEL_POLICY;

const fields = {
  copies: z.enum(['one-folder', 'each-label']).meta({
    description:
      'one-folder: each message is copied once, with the first of its labels: its user’s own, then Sent, Drafts, Inbox, and into the archive what has none. each-label: into the folder of each; it is downloaded once, and the destination copies it.',
  }),
  important: z.boolean().meta({ description: 'Whether what Gmail takes for important becomes a folder' }),
  chats: z.boolean().meta({ description: 'Whether chats become a folder' }),
};

export const labelsSchema = z.object(fields).meta({
  id: 'Labels',
  description: 'What becomes of labels, where a source has them in place of folders (Gmail)',
});

/** What is not given is as it is by default. */
export const labelsInputSchema = z
  .strictObject({
    copies: fields.copies.default(DEFAULTS.copies),
    important: fields.important.default(DEFAULTS.important),
    chats: fields.chats.default(DEFAULTS.chats),
  })
  .meta({ id: 'LabelsInput', description: 'Junk and deleted mail are chosen with the selection' });
