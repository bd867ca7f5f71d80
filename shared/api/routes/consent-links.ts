import pMap from 'p-map';
import type * as z from 'zod';
import type { ConsentSide } from '../../consent/consent-target.ts';
import { redirectUriOf } from '../../consent/consent-way.ts';
import { createConsentLinks } from '../../consent/create-links.ts';
import { MigrationClosedError } from '../../lifecycle/errors.ts';
import { mailboxIdOf } from '../../lifecycle/mailbox-id.ts';
import { type ConsentSignIn, isByConsent } from '../../sign-in/needed-secrets.ts';
import type { MailboxRecord } from '../../state/mailbox-repository.ts';
import type { MigrationRecord } from '../../state/migration-repository.ts';
import { requireDestination } from '../check-mailboxes.ts';
import { notFound } from '../problem-of-error.ts';
import { ProblemError } from '../problem.ts';
import { invalidBody } from '../parse-request.ts';
import { defineRoute, type RouteContext } from '../route.ts';
import {
  consentLinksInputSchema,
  consentLinksSchema,
  MAX_LINKS,
  showConsentLink,
} from '../schemas/consent-schema.ts';
import { migrationParams } from '../schemas/migration-schema.ts';

const CONCURRENCY = 16;
const HOUR_MS = 3_600_000;

export const createConsentLinksRoute = defineRoute({
  method: 'POST',
  path: '/v1/migrations/{migrationId}/consent-links',
  operationId: 'createConsentLinks',
  summary: 'Links by which users consent to the reading or writing of their mailboxes',
  description:
    'For servers that are opened by OAuth 2.0 with the grant refresh-token. Send each user the link: it leads to the sign-in service, and what the user consents to is stored for this mailbox alone, which then goes on. A link works once. Asking again makes new links, and the older ones stay good until they are used or expire.',
  access: 'mailhaul:write',
  answersSecrets: true,
  params: migrationParams,
  body: consentLinksInputSchema,
  answers: [{ status: 200, description: 'The links' }],
  answer: consentLinksSchema,
  problems: ['destination-missing', 'consent-impossible', 'cursor-invalid', 'migration-closed'],
  handle: async ({ params, body }, context) => {
    const { services, tenant, http } = context;
    const migration = await services.state.migrations.get(tenant, params.migrationId);
    if (migration === undefined) throw notFound();
    const servers = await requireConsentSides(context, migration, body.side);
    const { mailboxes, chosen, nextCursor } = await findMailboxes(context, migration, body);
    const everyOne = chosen && !body.missingOnly;
    const wanted = mailboxes.flatMap((mailbox) =>
      [...servers.keys()]
        .filter((side) => mailbox.status !== 'closed' && (everyOne || awaitsConsent(mailbox, side)))
        .map((side) => ({ mailbox, side })),
    );
    const baseUrl = services.environment.publicUrl ?? http.origin;
    const links = await createConsentLinks(services, wanted, {
      baseUrl,
      validMs: body.validHours * HOUR_MS,
    });
    const served = new Set(wanted.map(({ mailbox }) => mailbox.mailboxId));
    return {
      status: 200,
      body: {
        links: links.map((link) => showConsentLink(link)),
        redirectUris: [...new Set([...servers.values()].map((signIn) => redirectUriOf(baseUrl, signIn)))],
        skipped: mailboxes.length - served.size,
        ...(nextCursor === undefined ? {} : { nextCursor }),
      },
    };
  },
});

/** @throws ProblemError destination-missing, consent-impossible; MigrationClosedError */
async function requireConsentSides(
  context: RouteContext,
  migration: MigrationRecord,
  only: ConsentSide | undefined,
): Promise<Map<ConsentSide, ConsentSignIn>> {
  const { services, tenant } = context;
  const { signIn: destination } = await requireDestination(context);
  const connection = await services.state.connections.get(tenant, migration.connectionId);
  if (migration.status !== 'active' || connection?.status !== 'verified') {
    throw new MigrationClosedError(migration.migrationId);
  }
  const sides = new Map<ConsentSide, ConsentSignIn>();
  for (const [side, signIn] of [
    ['source', connection.signIn],
    ['destination', destination],
  ] as const) {
    if (only !== undefined && only !== side) continue;
    if (isByConsent(signIn)) sides.set(side, signIn);
  }
  if (sides.size > 0) return sides;
  throw new ProblemError('consent-impossible', 'The server is not opened by consent of its users.');
}

/** `chosen`: they were named one by one. */
async function findMailboxes(
  { services, tenant }: RouteContext,
  { migrationId }: MigrationRecord,
  { mailboxIds, emails, cursor }: z.output<typeof consentLinksInputSchema>,
): Promise<{ mailboxes: MailboxRecord[]; chosen: boolean; nextCursor?: string }> {
  const named = mailboxIds ?? emails?.map((email) => mailboxIdOf(tenant, migrationId, email));
  if (named === undefined) {
    const page = await services.state.mailboxes.list(tenant, migrationId, {
      limit: MAX_LINKS / 2,
      ...(cursor === undefined ? {} : { cursor }),
    });
    return {
      mailboxes: page.items,
      chosen: false,
      ...(page.cursor === undefined ? {} : { nextCursor: page.cursor }),
    };
  }
  const list = mailboxIds === undefined ? 'emails' : 'mailboxIds';
  const mailboxes = await pMap(
    named,
    async (mailboxId, index) => {
      const mailbox = await services.state.mailboxes.get(tenant, mailboxId);
      if (mailbox?.migrationId === migrationId) return mailbox;
      throw invalidBody(`#/${list}/${index}`, 'The migration has no such mailbox');
    },
    { concurrency: CONCURRENCY },
  );
  return { mailboxes, chosen: true };
}

/** None was given yet, or it does not hold any more. */
function awaitsConsent({ consents, status, reason }: MailboxRecord, side: ConsentSide): boolean {
  if (consents?.[side] === undefined) return true;
  return status === 'needs-attention' && reason?.code === 'consent-missing' && reason.side === side;
}
