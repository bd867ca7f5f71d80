import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/mailbox-record.ts';
import { withDoubt } from './page-entries.ts';
import { workingLanes } from './working-lanes.ts';

/**
 * To be done before a planning looks at the destination's folders anew. What a dead lane has begun is in doubt from the
 * UID on that the planning before saw in the folder: that is written to its pages, as intents, and the claims that stood
 * for it are dropped. Running it again after a crash completes it.
 * @throws StaleWriteError when a lane that is alive after all writes such a page meanwhile
 */
export async function recordDoubts(services: Services, key: MailboxKey): Promise<void> {
  const { folders, pages, work } = services.state;
  if ((await work.claims(key)).length === 0) return;
  const { claims, lanes } = await work.snapshot(key, 0);
  const copies = claims.filter(({ kind }) => kind === 'copy');
  const subjects = await Promise.all(
    copies.map(async (piece) => {
      const [folder, page] = await Promise.all([folders.get(key, piece.folderId), pages.get(key, piece)]);
      return { piece, folder, page };
    }),
  );
  for (const { folder, page, piece } of subjects) {
    if (page === undefined || folder?.epoch !== piece.epoch) continue;
    const doubted = withDoubt(folder, page, piece.claim);
    if (doubted !== page) await pages.save(key, doubted, page.version);
  }
  const alive = workingLanes(services, lanes);
  const left = claims.filter(
    ({ claim }) => !alive.some(({ fence, lane }) => lane === claim.lane && fence === claim.fence),
  );
  await work.dropClaims(key, left);
}
