import { lanesOf } from '../lifecycle/lanes-of.ts';
import { slowestPace } from '../migration/pace.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import type { LaneContext } from './lane-context.ts';
import type { MailboxAccess } from './mailbox-access.ts';
import { MessagePacer } from './message-pacer.ts';
import { pause } from './pause.ts';
import { VolumeBudget } from './volume-budget.ts';

/** Messages a second that all lanes of a mailbox may send now; undefined: as fast as it goes. */
function allowedPace(
  mailbox: Pick<MailboxRecord, 'pace' | 'pass'>,
  access: Pick<MailboxAccess, 'destination'>,
  now: number,
): number | undefined {
  const { messagesPerSecond } = access.destination.budget;
  const usual =
    messagesPerSecond === undefined
      ? undefined
      : { perSecond: messagesPerSecond, since: mailbox.pass.startedAt };
  return slowestPace([usual, mailbox.pace], now);
}

/** A lane's part of the mailbox's pace. */
export function pacerFor(services: Services, mailbox: MailboxRecord, access: MailboxAccess): MessagePacer {
  const { clock } = services;
  const perSecond = (): number | undefined => {
    const all = allowedPace(mailbox, access, clock.now());
    return all === undefined ? undefined : all / lanesOf(mailbox, services);
  };
  return new MessagePacer({ clock, pause, perSecond });
}

/** The budgets of both accounts, where they have any. */
export function volumesFor(
  services: Services,
  { destinationUser, sourceUser, tenant }: MailboxRecord,
  access: MailboxAccess,
): LaneContext['volumes'] {
  const { clock, state } = services;
  const budget = (side: 'source' | 'destination', user: string): VolumeBudget | undefined => {
    const { budget: given, endpoint } = access[side];
    const dailyBytes = side === 'source' ? given.dailyBytesDown : given.dailyBytesUp;
    if (dailyBytes === undefined) return undefined;
    return new VolumeBudget(state.volumes, {
      account: { tenant, side, host: endpoint.host, user },
      dailyBytes,
      clock,
    });
  };
  const [source, destination] = [budget('source', sourceUser), budget('destination', destinationUser)];
  return { ...(source && { source }), ...(destination && { destination }) };
}

/** What cannot be given back stays counted: then less is moved today, and never more. */
export async function giveBackVolume({ volumes }: Pick<LaneContext, 'volumes'>): Promise<void> {
  await Promise.allSettled([volumes.source?.giveBack(), volumes.destination?.giveBack()]);
}
