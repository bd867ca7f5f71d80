import pMap from 'p-map';
import { unlessAborted } from '../../infra/local/unless-aborted.ts';
import { startLocalService } from '../local-service.ts';
import { type MigrationRequest, openMigration } from '../migrate/open-migration.ts';
import type { MailboxPlan } from './folder-plan-text.ts';

/** Each is two sign-ins. */
const CONCURRENCY = 4;

/**
 * Where the folders of each mailbox would come, asked of the API of a service in this process. Writes nothing to the
 * destination, and the state folder is ready for `mailhaul migrate` with the same options.
 * @throws ServerNotVerifiedError, UsageError, ApiRequestError, LocalCloudDiedError
 */
export async function runFolders(
  request: MigrationRequest,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<MailboxPlan[]> {
  const service = await startLocalService({ stateDir: request.stateDir, port: 0, environment });
  const plan = async (): Promise<MailboxPlan[]> => {
    const { api, mailboxIds } = await openMigration(service, request);
    return pMap(
      mailboxIds,
      async (mailboxId) => {
        const { sourceUser, destinationUser } = await api.mailbox(mailboxId);
        return { source: sourceUser, destination: destinationUser, ...(await api.folderPlan(mailboxId)) };
      },
      { concurrency: CONCURRENCY },
    );
  };
  try {
    return await unlessAborted(service.failed, plan());
  } finally {
    await service.stop();
  }
}
