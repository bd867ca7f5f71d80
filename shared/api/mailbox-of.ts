import { MailboxUnknownError } from '../lifecycle/errors.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import type { RouteContext } from './route.ts';
import { showMailbox } from './schemas/mailbox-schema.ts';

/** Lanes come first in the range of active items: a mailbox has at most 20, and one of the planner. */
const LANES_AT_MOST = 32;

/** @throws MailboxUnknownError, for one of another tenant too */
export async function requireMailbox(
  { services, tenant }: RouteContext,
  mailboxId: string,
): Promise<MailboxRecord> {
  const record = await services.state.mailboxes.get(tenant, mailboxId);
  if (record === undefined) throw new MailboxUnknownError(mailboxId);
  return record;
}

/** A mailbox with what its workers do at this moment. */
export async function showWithWork(
  context: RouteContext,
  record: MailboxRecord,
): Promise<ReturnType<typeof showMailbox>> {
  const { services, catalogue } = context;
  const { lanes } = await services.state.work.snapshot(record, LANES_AT_MOST);
  return showMailbox(record, lanes, { catalogue, now: services.clock.now() });
}
