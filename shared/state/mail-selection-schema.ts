import * as z from 'zod';
import type { MailSelection } from '../migration/selection/mail-selection.ts';

const patterns = z.array(z.string());

export const mailSelectionSchema = z.object({
  folderMap: z.array(z.object({ source: z.string(), destination: z.string() })).exactOptional(),
  include: patterns.exactOptional(),
  exclude: patterns.exactOptional(),
  junk: z.boolean().exactOptional(),
  trash: z.boolean().exactOptional(),
  since: z.string().exactOptional(),
  before: z.string().exactOptional(),
  maxMessageBytes: z.number().exactOptional(),
}) satisfies z.ZodType<MailSelection>;
