import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { ScheduledEvent } from 'aws-lambda';
import { type Clock, systemClock } from '../../shared/migration/clock.ts';
import { FUNCTIONS, QUEUES, RESYNC_TIMER_SECONDS } from '../resources.ts';
import { expireItems } from './dynamodb/expire-items.ts';
import { Drain } from './functions/drain.ts';
import { EndWatch } from './functions/end-watch.ts';
import type { InvocationSurroundings } from './functions/invoke-function.ts';
import type { LocalFunction, LocalHandler } from './functions/local-function.ts';
import { Timer, type TimerDetail, type TimerFunction } from './functions/timer.ts';
import { startHttpGateway } from './gateway/http-gateway.ts';
import { createJwtAuthorizer } from './gateway/jwt-authorizer.ts';
import { apiRoutes, issuerRoutes } from './gateway/pipeline-routes.ts';
import type { HttpFunction, Route } from './gateway/route-table.ts';
import { createTokenIssuer, loadSigningKey, type TokenRequest } from './gateway/token-issuer.ts';
import type { LocalCloud } from './local-cloud.ts';
import { EventSource, type QueueFunction } from './queues/event-source.ts';

/** The handlers of the pipeline's functions, made for a cloud's environment. */
export interface PipelineHandlers {
  readonly api: HttpFunction['handler'];
  readonly planPass: QueueFunction['handler'];
  readonly syncChunk: QueueFunction['handler'];
  readonly resyncTimer: LocalHandler<ScheduledEvent<TimerDetail>, unknown>;
  readonly deadLetters: QueueFunction['handler'];
}

export interface PipelineOptions {
  /** Routes besides those of the API, such as the console's files. */
  readonly routes?: readonly Route[];
  /** Invocations at one time, at most; the defaults suit one small machine. */
  readonly concurrency?: { readonly passes?: number; readonly chunks?: number };
  /** Of timers, functions and tokens; the services have a clock of their own. */
  readonly clock?: Clock;
}

export interface RunningPipeline {
  /** Where the HTTP API is served. */
  readonly url: string;
  readonly issueToken: (request: TokenRequest) => Promise<string>;
  /** Resolves when the next worker has ended its turn: there may be news. @throws the AbortError of the signal */
  readonly workEnded: (signal: AbortSignal) => Promise<void>;
  /**
   * Takes no more requests and messages, gives what runs `graceMs` to hand over (10 s unless told), and then
   * abandons it: the next start takes the work up.
   */
  readonly stop: (graceMs?: number) => Promise<void>;
}

/** Whom tokens for the HTTP API are made out to. */
const AUDIENCE = 'mailhaul';

const CONCURRENCY = { passes: 8, chunks: 16 } as const;
const STOP_GRACE_MS = 10_000;
const EXPIRY_SECONDS = 86_400;
const EXPIRY_TIMEOUT_MS = 600_000;

/**
 * Runs the pipeline of the cloud on one machine: the same handlers behind queues, timer and HTTP gateway.
 * The timer fires at once with `boot`, which wakes the work that a dead predecessor has left.
 * @throws LocalServiceError when the port of the HTTP API is taken
 */
export async function runPipeline(
  cloud: LocalCloud,
  handlers: PipelineHandlers,
  options: PipelineOptions = {},
): Promise<RunningPipeline> {
  const { logger } = cloud;
  const { clock = systemClock } = options;
  const drain = new Drain(clock);
  const surroundings: InvocationSurroundings = { clock, logger, drain };
  const workers = new EndWatch();
  const functions = nameFunctions({
    ...handlers,
    planPass: workers.watched(handlers.planPass),
    syncChunk: workers.watched(handlers.syncChunk),
  });
  const signingKey = await loadSigningKey(cloud.stateDir);
  const gateway = await startHttpGateway(cloud.options.apiPort ?? 0, surroundings);
  const issuer = createTokenIssuer(signingKey, { issuer: gateway.url, audience: AUDIENCE, clock });
  gateway.serve({
    routes: [...apiRoutes(functions.api), ...issuerRoutes(issuer), ...(options.routes ?? [])],
    authorize: createJwtAuthorizer({ issuer: gateway.url, audience: [AUDIENCE], keys: issuer.keys, clock }),
  });
  const { sqs, dynamoDb } = createClients(cloud);
  const sources = startEventSources(cloud, sqs, functions, options, surroundings);
  const timers = [
    new Timer({
      ...surroundings,
      fn: functions.resyncTimer,
      periodSeconds: cloud.options.timerSeconds ?? RESYNC_TIMER_SECONDS,
    }),
    new Timer({ ...surroundings, fn: expiry(cloud, dynamoDb, clock), periodSeconds: EXPIRY_SECONDS }),
  ];
  return {
    url: gateway.url,
    issueToken: issuer.issue,
    workEnded: (signal) => workers.nextEnd(signal),
    stop: async (graceMs = STOP_GRACE_MS) => {
      drain.begin(graceMs);
      const ended = Promise.all([
        gateway.close(graceMs),
        ...timers.map((timer) => timer.stop()),
        ...sources.map((source) => source.stop()),
      ]);
      await endWithin(ended, graceMs);
      drain.end();
      sqs.destroy();
      dynamoDb.destroy();
    },
  };
}

function createClients(cloud: LocalCloud): { sqs: SQSClient; dynamoDb: DynamoDBClient } {
  const { environment, credentials } = cloud;
  const connection = { region: environment['AWS_REGION'] ?? '', credentials };
  return {
    sqs: new SQSClient({ ...connection, endpoint: environment['AWS_ENDPOINT_URL_SQS'] ?? '' }),
    dynamoDb: new DynamoDBClient({ ...connection, endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '' }),
  };
}

/** What DynamoDB does by itself in the cloud. */
function expiry(cloud: LocalCloud, client: DynamoDBClient, clock: Clock): TimerFunction {
  return {
    name: 'expire-items',
    memoryMb: 128,
    timeoutMs: EXPIRY_TIMEOUT_MS,
    handler: (_, { signal }) =>
      expireItems(client, {
        table: cloud.environment['MAILHAUL_TABLE'] ?? '',
        now: clock.now(),
        signal,
      }),
  };
}

type PipelineFunctions = {
  readonly [Name in keyof PipelineHandlers]: LocalFunction<
    Parameters<PipelineHandlers[Name]>[0],
    Awaited<ReturnType<PipelineHandlers[Name]>>
  >;
};

function facts(fn: keyof typeof FUNCTIONS): { name: string; timeoutMs: number; memoryMb: number } {
  const { name, timeoutSeconds, memoryMb } = FUNCTIONS[fn];
  return { name, timeoutMs: timeoutSeconds * 1000, memoryMb };
}

function nameFunctions(handlers: PipelineHandlers): PipelineFunctions {
  return {
    api: { handler: handlers.api, ...facts('api') },
    planPass: { handler: handlers.planPass, ...facts('planPass') },
    syncChunk: { handler: handlers.syncChunk, ...facts('syncChunk') },
    resyncTimer: { handler: handlers.resyncTimer, ...facts('resyncTimer') },
    deadLetters: { handler: handlers.deadLetters, ...facts('deadLetters') },
  };
}

function startEventSources(
  cloud: LocalCloud,
  client: SQSClient,
  functions: PipelineFunctions,
  options: PipelineOptions,
  surroundings: InvocationSurroundings,
): EventSource[] {
  const { passes, chunks } = cloud.queues;
  const shared = { ...surroundings, client, doubleDelivery: cloud.options.doubleDelivery ?? false };
  const limit = (name: 'passes' | 'chunks'): number => {
    return Math.min(options.concurrency?.[name] ?? CONCURRENCY[name], QUEUES[name].maximumConcurrency);
  };
  return [
    new EventSource({
      ...shared,
      queue: passes,
      fn: functions.planPass,
      batchSize: QUEUES.passes.batchSize,
      maximumConcurrency: limit('passes'),
    }),
    new EventSource({
      ...shared,
      queue: chunks,
      fn: functions.syncChunk,
      batchSize: QUEUES.chunks.batchSize,
      maximumConcurrency: limit('chunks'),
    }),
    ...[passes.deadLetter, chunks.deadLetter].map((queue) => {
      return new EventSource({
        ...shared,
        queue,
        fn: functions.deadLetters,
        batchSize: QUEUES.deadLetters.batchSize,
        maximumConcurrency: QUEUES.deadLetters.maximumConcurrency,
      });
    }),
  ];
}

async function endWithin(work: Promise<unknown>, ms: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  await Promise.race([work, over.promise]);
  clearTimeout(timer);
}
