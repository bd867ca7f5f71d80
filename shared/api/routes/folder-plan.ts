import * as z from 'zod';
import { ImapError } from '../../imap/errors.ts';
import { CredentialMissingError, EndpointMissingError } from '../../sync/errors.ts';
import { previewFolders } from '../../sync/preview-folders.ts';
import { requireMailbox } from '../mailbox-of.ts';
import { ProblemError } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { idSchema } from '../schemas/bounded-text.ts';
import { folderPlanSchema, showFolderPlan } from '../schemas/folder-plan-schema.ts';

/** Ms for everything together: less than the gateway waits. */
const TOTAL_MS = 20_000;

export const getMailboxFolderPlan = defineRoute({
  method: 'GET',
  path: '/v1/mailboxes/{mailboxId}/folder-plan',
  operationId: 'getMailboxFolderPlan',
  summary: 'Where the folders of a mailbox would come with the next pass, and which are left out and why',
  description:
    'Signs in at both servers and lists their folders; writes nothing. A pass uses the same rules; only a name that the destination refuses when it is to be made comes out differently, which the events of the mailbox tell.',
  access: 'mailhaul:read',
  params: z.strictObject({ mailboxId: idSchema }),
  answers: [{ status: 200, description: 'The plan' }],
  answer: folderPlanSchema,
  problems: ['folders-unreadable'],
  handle: async ({ params }, context) => {
    const mailbox = await requireMailbox(context, params.mailboxId);
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(TOTAL_MS)]);
    try {
      return { status: 200, body: showFolderPlan(await previewFolders(context.services, mailbox, signal)) };
    } catch (error) {
      context.signal.throwIfAborted();
      throw unreadable(error);
    }
  },
});

function unreadable(error: unknown): unknown {
  if (error instanceof ImapError) {
    const words = error.serverText === undefined ? '' : ` (${error.serverText})`;
    return new ProblemError(
      'folders-unreadable',
      `The ${error.side ?? 'mail'} server: ${error.message}${words}`,
      {
        cause: error,
      },
    );
  }
  if (error instanceof CredentialMissingError || error instanceof EndpointMissingError) {
    return new ProblemError('folders-unreadable', error.message, { cause: error });
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new ProblemError('folders-unreadable', 'The mail servers took too long to answer.', {
      cause: error,
    });
  }
  return error;
}
