import * as z from 'zod';
import { SPECIAL_USES } from '../../migration/special-use.ts';
import { LEFT_OUT_REASONS } from '../../sync/describe-folders.ts';
import type { FolderPreview } from '../../sync/preview-folders.ts';

const specialUse = z
  .enum(SPECIAL_USES)
  .optional()
  .meta({ description: 'What it stands for at the source, by attribute or by name' });

export const folderPlanSchema = z
  .object({
    folders: z.array(
      z.object({
        sourcePath: z.string(),
        destinationPath: z.string(),
        specialUse,
        create: z.boolean().meta({ description: 'The destination has it not yet' }),
        decided: z.boolean().meta({ description: 'An earlier pass has decided on its place, which stays' }),
      }),
    ),
    leftOut: z.array(z.object({ sourcePath: z.string(), specialUse, because: z.enum(LEFT_OUT_REASONS) })),
  })
  .meta({ id: 'FolderPlan', description: 'What the next pass makes of the folders of a mailbox' });

export function showFolderPlan({ folders, leftOut }: FolderPreview): z.input<typeof folderPlanSchema> {
  return { folders: [...folders], leftOut: [...leftOut] };
}
