import { ENVIRONMENT_DEFAULTS } from '../../shared/environment/read-environment.ts';
import { FUNCTIONS } from '../resources.ts';
import { type AwsUsage, usageOf } from './aws-usage.ts';
import type { MailboxWork } from './mailbox-work.ts';
import { ASSUMED, MEASURED } from './measured-costs.ts';

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;
const GB = 1e9;
/** A lane's message is sent, received and deleted; ten are sent at once. */
const SENT_AT_ONCE = 10;

/** How the copy of one mailbox ran. */
export interface CopyRun {
  /** Of its planner, which also copies. */
  readonly plannerSeconds: number;
  /** Of its other lanes, all together, sign-ins included. */
  readonly laneSeconds: number;
  /** Runs of lanes. */
  readonly turns: number;
}

/** What the first pass over one mailbox takes of AWS. */
export function firstPassUsage(
  {
    folders,
    bytes,
    messages,
  }: { readonly folders: number; readonly bytes: number; readonly messages: number },
  { lanes, pages, shares }: Pick<MailboxWork, 'lanes' | 'pages' | 'shares'>,
  run: CopyRun,
  throughNat: boolean,
): AwsUsage {
  const { requests, writeUnits, readUnits } = MEASURED;
  const renewals = (run.plannerSeconds + run.laneSeconds) / (ENVIRONMENT_DEFAULTS.renewMs / 1000);
  const laterLanes = Math.max(lanes - 1, run.turns);
  const invocations = 1 + run.turns;
  const onWire = (bytes + messages * ASSUMED.commandBytes) / GB;
  return usageOf({
    lambdaRequests: invocations,
    lambdaGbSeconds:
      gbOf(FUNCTIONS.planPass.memoryMb) * run.plannerSeconds +
      gbOf(FUNCTIONS.syncChunk.memoryMb) * run.laneSeconds,
    dynamoDbRequests:
      requests.firstPass +
      laterLanes * requests.laterLane +
      pages.length * requests.page +
      shares * requests.share +
      renewals,
    writeUnits:
      writeUnits.firstPass +
      laterLanes * writeUnits.laterLane +
      folders * writeUnits.folder +
      pages.reduce((sum, page) => sum + pageWriteUnits(page), 0) +
      renewals,
    readUnits:
      readUnits.firstPass +
      laterLanes * readUnits.laterLane +
      folders * readUnits.folder +
      pages.reduce(
        (sum, page) => sum + readUnits.page + (page * MEASURED.entryBytes.copied) / READ_UNIT_BYTES,
        0,
      ) +
      shares * (readUnits.share + readUnits.piece * Math.min(readUnits.listed, pages.length / 2)),
    sqsRequests: 3 + 2 * run.turns + Math.ceil(run.turns / SENT_AT_ONCE),
    secretsManagerRequests: invocations,
    kmsRequests: invocations,
    logsGb: (invocations * ASSUMED.logBytes) / GB,
    egressGb: onWire,
    natGb: throughNat ? 2 * onWire : 0,
  });
}

/** The page is written when it is planned, and when it is done. */
function pageWriteUnits(messages: number): number {
  const { planned, copied } = MEASURED.entryBytes;
  const unitsOf = (entryBytes: number): number =>
    Math.ceil((messages * entryBytes + MEASURED.pageBytes) / WRITE_UNIT_BYTES);
  return unitsOf(planned) + unitsOf(copied) + MEASURED.writeUnits.claimAndWorkItem;
}

/**
 * What a later pass takes on the average.
 *
 * @param share of passes that find something
 * @param folders of the mailbox
 * @param messages that a pass finds on the average
 */
export function laterPassUsage(
  share: number,
  folders: number,
  messages: { readonly count: number; readonly bytes: number },
  throughNat: boolean,
): AwsUsage {
  const { quietPass, newMail, seconds } = MEASURED;
  const onWire = (messages.bytes + messages.count * ASSUMED.commandBytes) / GB;
  return usageOf({
    lambdaRequests: 1,
    lambdaGbSeconds: gbOf(FUNCTIONS.planPass.memoryMb) * (seconds.quietPass + share * seconds.newMail),
    dynamoDbRequests: quietPass.requests + share * newMail.requests,
    writeUnits: quietPass.writeUnits + share * newMail.writeUnits,
    readUnits: quietPass.readUnits + folders * quietPass.readUnitsOfFolder + share * newMail.readUnits,
    sqsRequests: 3,
    secretsManagerRequests: 1,
    kmsRequests: 1,
    logsGb: ASSUMED.logBytes / GB,
    egressGb: onWire,
    natGb: throughNat ? 2 * onWire : 0,
  });
}

/**
 * A wake-up for a mailbox whose turn has not come: the timer looks and sends, a function looks and finds nothing to do
 * for it.
 */
export function idleWakeUsage(): AwsUsage {
  const { dynamoDbRequests, lambdaSeconds, readUnits, writeUnits } = ASSUMED.idleWake;
  return usageOf({
    lambdaRequests: 1,
    lambdaGbSeconds: gbOf(FUNCTIONS.planPass.memoryMb) * lambdaSeconds,
    dynamoDbRequests,
    readUnits,
    writeUnits,
    sqsRequests: 3,
    logsGb: ASSUMED.logBytes / GB,
  });
}

function gbOf(memoryMb: number): number {
  return memoryMb / 1024;
}
