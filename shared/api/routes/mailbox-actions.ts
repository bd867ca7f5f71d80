import * as z from 'zod';
import type { MailboxAction } from '../../lifecycle/errors.ts';
import type { MailboxOutcome } from '../../lifecycle/mailbox-outcome.ts';
import { replaceCredential } from '../../lifecycle/replace-credential.ts';
import { startMailboxes } from '../../lifecycle/start-mailboxes.ts';
import { stopMailboxes } from '../../lifecycle/stop-mailboxes.ts';
import { syncNow } from '../../lifecycle/sync-now.ts';
import type { Services } from '../../services.ts';
import type { MailboxKey } from '../../state/keys.ts';
import { showWithWork } from '../mailbox-of.ts';
import { credentialOf } from '../check-mailboxes.ts';
import { notFound } from '../problem-of-error.ts';
import { defineRoute, type Route } from '../route.ts';
import { idSchema, passwordSchema } from '../schemas/bounded-text.ts';
import { mailboxSchema } from '../schemas/mailbox-schema.ts';
import { refreshTokenSchema } from '../schemas/sign-in-schema.ts';

const mailboxParams = z.strictObject({ mailboxId: idSchema });

type Action = Exclude<MailboxAction, 'retry' | 'replace-credential'>;

const ACTIONS: Record<
  Action,
  {
    readonly summary: string;
    readonly act: (services: Services, keys: readonly MailboxKey[]) => Promise<MailboxOutcome[]>;
  }
> = {
  start: { summary: 'Start a mailbox, or start it again where it ended', act: startMailboxes },
  stop: {
    summary: 'Stop a mailbox; what was copied stays, and start goes on from there',
    act: stopMailboxes,
  },
  sync: { summary: 'Look for new mail in a mailbox now', act: syncNow },
};

function actionRoute(action: Action): Route {
  const { summary, act } = ACTIONS[action];
  return defineRoute({
    method: 'POST',
    path: `/v1/mailboxes/{mailboxId}/${action}`,
    operationId: `${action}Mailbox`,
    summary,
    access: 'mailhaul:write',
    params: mailboxParams,
    answers: [{ status: 202, description: 'It is under way; the mailbox as it is now' }],
    answer: mailboxSchema,
    problems: ['mailbox-status', 'migration-closed'],
    handle: async ({ params }, context) => {
      const [outcome] = await act(context.services, [
        { tenant: context.tenant, mailboxId: params.mailboxId },
      ]);
      if (outcome === undefined) throw notFound();
      if (!outcome.ok) throw outcome.error;
      return { status: 202, body: await showWithWork(context, outcome.record) };
    },
  });
}

export const startMailbox = actionRoute('start');
export const stopMailbox = actionRoute('stop');
export const syncMailbox = actionRoute('sync');

export const putMailboxCredential = defineRoute({
  method: 'PUT',
  path: '/v1/mailboxes/{mailboxId}/credential',
  operationId: 'putMailboxCredential',
  summary: 'Replace the passwords or refresh tokens of a mailbox',
  description: 'A side that is left out keeps what it has. A mailbox that waited for it goes on at once.',
  access: 'mailhaul:write',
  carriesSecrets: true,
  params: mailboxParams,
  body: z
    .strictObject({
      password: passwordSchema.optional(),
      refreshToken: refreshTokenSchema.optional(),
      destinationPassword: passwordSchema.optional(),
      destinationRefreshToken: refreshTokenSchema.optional(),
    })
    .refine((body) => Object.values(body).some((given) => given !== undefined), {
      message: 'Give password or refreshToken, destinationPassword or destinationRefreshToken',
    })
    .meta({ id: 'MailboxCredentialInput' }),
  answers: [{ status: 200, description: 'They are stored; the mailbox as it is now' }],
  answer: mailboxSchema,
  problems: ['credential-incomplete', 'migration-closed'],
  handle: async ({ params, body }, context) => {
    const { services, tenant } = context;
    const key = { tenant, mailboxId: params.mailboxId };
    const record = await replaceCredential(services, key, (wanted) => credentialOf(body, wanted));
    return { status: 200, body: await showWithWork(context, record) };
  },
});
