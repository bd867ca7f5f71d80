import type { SpecialUse } from '../migration/special-use.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import { BothEnds } from './both-ends.ts';
import { describeFolders, type LeftOutFolder } from './describe-folders.ts';
import { listBothEnds } from './list-both-ends.ts';
import { readAccess } from './mailbox-access.ts';
import { readLabels } from './read-labels.ts';
import { readSelection } from './read-selection.ts';

/** A folder that would be copied, and where. */
interface PreviewedFolder {
  readonly sourcePath: string;
  readonly destinationPath: string;
  /** What it stands for at the source. */
  readonly specialUse?: SpecialUse;
  /** The destination has it not yet. */
  readonly create: boolean;
  /** An earlier pass has decided on its place. */
  readonly decided: boolean;
}

export interface FolderPreview {
  /** In the order in which they come into being. */
  readonly folders: readonly PreviewedFolder[];
  readonly leftOut: readonly LeftOutFolder[];
}

/** Ms that a server may take for one answer. */
const ANSWER_MS = 8_000;

/**
 * What the next pass would make of a mailbox's folders, by the same rules. Looks, and writes nothing.
 * @throws ImapError with its side; EndpointMissingError, CredentialMissingError
 */
export async function previewFolders(
  services: Services,
  mailbox: MailboxRecord,
  signal: AbortSignal,
): Promise<FolderPreview> {
  const wait = { signal, deadlineMs: ANSWER_MS };
  const [access, selection, known] = await Promise.all([
    readAccess(services, mailbox),
    readSelection(services, mailbox),
    services.state.folders.list(mailbox),
  ]);
  const ends = await BothEnds.open(services, access, wait);
  const { listed, labels } = await ends.use(async () => {
    const found = await listBothEnds(ends, mailbox, wait);
    return { listed: found, labels: await readLabels(services, mailbox, ends, found) };
  });
  const { folders, leftOut } = describeFolders({ mailbox, selection, ...listed, labels, known });
  return {
    folders: folders.map((folder) => ({
      sourcePath: folder.sourcePath,
      destinationPath: folder.destinationPath,
      ...(folder.specialUse && { specialUse: folder.specialUse }),
      create: folder.create,
      decided: folder.known !== undefined,
    })),
    leftOut,
  };
}
