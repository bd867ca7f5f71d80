import { z } from 'zod';
import { budgetFor, laneLimit } from '../../shared/imap/providers/budget.ts';
import { profileById, PROVIDERS } from '../../shared/imap/providers/provider-catalogue.ts';
import type { ProviderProfile } from '../../shared/imap/providers/provider-profile.ts';
import { ENVIRONMENT_DEFAULTS } from '../../shared/environment/read-environment.ts';
import { MAX_LANES } from '../../shared/state/lane-record.ts';
import { QUEUES } from '../resources.ts';
import { AWS_QUOTAS } from './aws-quotas.ts';
import { PlanOptionError } from './errors.ts';
import { ASSUMED, MEASURED } from './measured-costs.ts';

const GB = 1e9;

const count = (least: number, most: number) =>
  z
    .number(`Give a number from ${least} to ${most}.`)
    .min(least, `Give a number from ${least} to ${most}.`)
    .max(most, `Give a number from ${least} to ${most}.`);
const whole = (least: number, most: number) =>
  count(least, most).int(`Give a whole number from ${least} to ${most}.`);
const provider = z.string().refine((id) => profileById(id) !== undefined, {
  error: `Choose from ${PROVIDERS.map(({ id }) => id).join(', ')}.`,
});

const schema = z.strictObject({
  mailboxes: whole(1, 10_000_000),
  gb: count(0.000_001, 100_000),
  messages: whole(1, 10_000_000).optional(),
  folders: whole(1, 100_000).optional(),
  provider: provider.default('other'),
  destination: provider.default('other'),
  concurrency: whole(1, 100_000).optional(),
  planners: whole(1, 100_000).optional(),
  lanes: whole(1, MAX_LANES).optional(),
  accountConcurrency: whole(1, 1_000_000).optional(),
  hostConnections: whole(1, 10_000_000).optional(),
  resync: count(1, 525_600).optional(),
  days: whole(1, 3650).default(30),
  newMessages: count(0, 1_000_000).optional(),
  messagesPerSecond: count(0.001, 1_000_000).optional(),
  bytesPerSecond: count(1, 1e12).optional(),
  accountMessagesPerSecond: count(0.001, 1_000_000).optional(),
  addresses: whole(0, 16).default(0),
});

/** As the command line gives them; what is missing has a default. */
export type PlanOptions = z.input<typeof schema>;

/** What an estimate is made from; everything is given. */
export interface PlanInput {
  readonly mailboxes: number;
  /** Of one mailbox. */
  readonly bytes: number;
  /** Of one mailbox. */
  readonly messages: number;
  readonly folders: number;
  readonly source: ProviderProfile;
  readonly destination: ProviderProfile;
  /** Lanes of one mailbox at most. */
  readonly lanes: number;
  /** Lanes of all mailboxes at once, those of planners not counted. */
  readonly workers: number;
  readonly planners: number;
  readonly accountConcurrency: number;
  /** Connections that the source's server bears in all; undefined: nobody knows. */
  readonly hostConnections: number | undefined;
  readonly resyncSeconds: number;
  readonly daysInStep: number;
  /** A day and mailbox. */
  readonly newMessages: number;
  /** Of one lane. */
  readonly messagesPerSecond: number;
  /** Of one lane. */
  readonly bytesPerSecond: number;
  /** Of one account; undefined: as much as its lanes do. */
  readonly accountMessagesPerSecond: number | undefined;
  /** Bytes a day that either provider lets through for one account. */
  readonly dailyBytes: number | undefined;
  /** NAT gateways, each with an address that stays; 0: functions outside a network, without them. */
  readonly addresses: number;
}

/** @throws PlanOptionError naming the first option that is wrong */
export function planInput(options: PlanOptions): PlanInput {
  const parsed = schema.safeParse(options);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new PlanOptionError(
      optionName(String(issue?.path[0] ?? '')),
      'not a value for this.',
      issue?.message ?? '',
    );
  }
  const given = parsed.data;
  const source = knownProvider(given.provider);
  const destination = knownProvider(given.destination);
  const bytes = given.gb * GB;
  const daily = [source.dailyBytesDown, destination.dailyBytesUp].filter((limit) => limit !== undefined);
  const account = given.accountMessagesPerSecond ?? destination.limits?.messagesPerSecond;
  const accountConcurrency = given.accountConcurrency ?? AWS_QUOTAS.lambdaConcurrency;
  return {
    mailboxes: given.mailboxes,
    bytes,
    messages: given.messages ?? Math.max(1, Math.round(bytes / ASSUMED.messageBytes)),
    folders: given.folders ?? ASSUMED.folders,
    source,
    destination,
    lanes: given.lanes ?? laneLimit(budgetFor(source, undefined), budgetFor(destination, undefined)),
    workers: given.concurrency ?? QUEUES.chunks.maximumConcurrency,
    planners: given.planners ?? QUEUES.passes.maximumConcurrency,
    accountConcurrency,
    hostConnections: given.hostConnections,
    resyncSeconds: given.resync === undefined ? ENVIRONMENT_DEFAULTS.resyncSeconds : given.resync * 60,
    daysInStep: given.days,
    newMessages: given.newMessages ?? ASSUMED.newMessagesPerDay,
    messagesPerSecond: given.messagesPerSecond ?? MEASURED.messagesPerSecond,
    bytesPerSecond: given.bytesPerSecond ?? MEASURED.bytesPerSecond,
    accountMessagesPerSecond: account,
    dailyBytes: daily.length === 0 ? undefined : Math.min(...daily),
    addresses: given.addresses,
  };
}

function knownProvider(id: string): ProviderProfile {
  const profile = profileById(id);
  if (profile === undefined) throw new PlanOptionError('--provider', `nobody knows ${id}.`, 'See --help.');
  return profile;
}

/** `hostConnections` is `--host-connections`. */
function optionName(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
