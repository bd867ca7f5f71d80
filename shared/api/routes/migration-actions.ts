import { actOnMigration, type MigrationAction } from '../../lifecycle/act-on-migration.ts';
import { defineRoute, type Route } from '../route.ts';
import { migrationActionInput, migrationActionResult } from '../schemas/migration-action-schema.ts';
import { migrationParams } from '../schemas/migration-schema.ts';

type Action = Exclude<MigrationAction, 'retry'>;

const bodySchema = migrationActionInput.optional().meta({ id: 'MigrationActionInput' });

const SUMMARIES: Record<Action, string> = {
  start: 'Start the mailboxes of a migration that are not started',
  stop: 'Stop the mailboxes of a migration',
  sync: 'Look for new mail in all mailboxes of a migration now',
};

function actionRoute(action: Action): Route {
  return defineRoute({
    method: 'POST',
    path: `/v1/migrations/{migrationId}/${action}`,
    operationId: `${action}Migration`,
    summary: SUMMARIES[action],
    description:
      'Works on up to 2,000 mailboxes. While the answer holds `nextCursor`, send it again in the body to go on. Repeating is harmless.',
    access: 'mailhaul:write',
    params: migrationParams,
    body: bodySchema,
    answers: [{ status: 202, description: 'It is under way for the mailboxes that were accepted' }],
    answer: migrationActionResult,
    problems: ['migration-closed', 'cursor-invalid'],
    handle: async ({ params, body }, { services, tenant }) => {
      const cursor = body?.cursor;
      const key = { tenant, migrationId: params.migrationId };
      const result = await actOnMigration(services, key, action, cursor === undefined ? {} : { cursor });
      return { status: 202, body: result };
    },
  });
}

export const startMigration = actionRoute('start');
export const stopMigration = actionRoute('stop');
export const syncMigration = actionRoute('sync');
