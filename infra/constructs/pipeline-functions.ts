import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FUNCTION_ACCESS } from '../function-access.ts';
import type { ReservedConcurrency } from '../options/reserved-concurrency.ts';
import { FUNCTIONS, QUEUES } from '../resources.ts';
import { accessStatements, type ServiceData } from './access-statements.ts';
import { acknowledge } from './acknowledge.ts';
import { OwnFunction } from './own-function.ts';
import { QueueConsumer } from './queue-consumer.ts';
import { ResyncSchedule } from './resync-schedule.ts';
import type { WorkQueue } from './work-queue.ts';

type FunctionName = keyof typeof FUNCTIONS;

/** They open connections to mail servers; the others never do. */
const TALK_TO_MAIL_SERVERS: ReadonlySet<FunctionName> = new Set(['api', 'planPass', 'syncChunk']);
/** A mailbox's work is handed on by messages of its own workers until it is done, and then it stops. */
const WAKE_THEMSELVES: ReadonlySet<FunctionName> = new Set(['planPass', 'syncChunk']);

export interface PipelineOptions {
  readonly data: Omit<ServiceData, 'queues'>;
  readonly queues: Readonly<Record<'passes' | 'chunks', WorkQueue>>;
  readonly vpc: IVpc | undefined;
  readonly logLevel: string;
  readonly logRetentionDays: RetentionDays;
  readonly resyncSeconds: number;
  /** Mail servers on loopback and private networks may be reached: for tests, or for a network of one's own. */
  readonly allowPrivateAddresses: boolean;
  /** Connections of one mailbox at most; not given: as its provider has it. */
  readonly lanes?: number | undefined;
  readonly passConcurrency: number;
  readonly chunkConcurrency: number;
  readonly reserved: ReservedConcurrency;
}

/** The functions, and what calls them but for the API: queues and the timer. */
export class PipelineFunctions extends Construct {
  readonly functions: Readonly<Record<FunctionName, OwnFunction>>;

  constructor(scope: Construct, id: string, options: PipelineOptions) {
    super(scope, id);
    const { queues } = options;
    const data: ServiceData = {
      ...options.data,
      queues: { passes: queues.passes.queue, chunks: queues.chunks.queue },
    };
    const environment = {
      MAILHAUL_TABLE: data.table.tableName,
      MAILHAUL_PASSES_QUEUE_URL: data.queues.passes.queueUrl,
      MAILHAUL_CHUNKS_QUEUE_URL: data.queues.chunks.queueUrl,
      MAILHAUL_SECRET_PREFIX: data.secretPrefix,
      MAILHAUL_SECRET_KEY: data.secretKey.keyArn,
      MAILHAUL_RESYNC_SECONDS: String(options.resyncSeconds),
      MAILHAUL_LOG_LEVEL: options.logLevel,
      MAILHAUL_ALLOW_PRIVATE_ADDRESSES: String(options.allowPrivateAddresses),
      ...(options.lanes !== undefined && { MAILHAUL_LANES: String(options.lanes) }),
    };
    const make = (name: FunctionName): OwnFunction => {
      const access = FUNCTION_ACCESS[name];
      const made = new OwnFunction(this, name, {
        ...FUNCTIONS[name],
        environment,
        logRetentionDays: options.logRetentionDays,
        statements: accessStatements(this, access, data),
        vpc: TALK_TO_MAIL_SERVERS.has(name) ? options.vpc : undefined,
        wakesItself: WAKE_THEMSELVES.has(name),
        reservedConcurrency: options.reserved[name],
      });
      if (access.secrets.length > 0) {
        acknowledge(made.policy, {
          [`IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${data.secretPrefix}*]`]:
            'Secrets are made for each migration while the service runs; all and only they have this prefix.',
        });
      }
      return made;
    };
    this.functions = {
      api: make('api'),
      planPass: make('planPass'),
      syncChunk: make('syncChunk'),
      resyncTimer: make('resyncTimer'),
      deadLetters: make('deadLetters'),
    };
    this.#connect(options);
  }

  #connect({ queues, passConcurrency, chunkConcurrency }: PipelineOptions): void {
    const { planPass, syncChunk, resyncTimer, deadLetters } = this.functions;
    const { passes, chunks } = queues;
    new QueueConsumer(this, 'Passes', {
      queue: passes.queue,
      consumer: planPass,
      batchSize: QUEUES.passes.batchSize,
      maximumConcurrency: passConcurrency,
    });
    new QueueConsumer(this, 'Chunks', {
      queue: chunks.queue,
      consumer: syncChunk,
      batchSize: QUEUES.chunks.batchSize,
      maximumConcurrency: chunkConcurrency,
    });
    const { batchSize, maximumConcurrency } = QUEUES.deadLetters;
    for (const [name, queue] of Object.entries({
      DeadPasses: passes.deadLetters,
      DeadChunks: chunks.deadLetters,
    })) {
      new QueueConsumer(this, name, { queue, consumer: deadLetters, batchSize, maximumConcurrency });
    }
    new ResyncSchedule(this, 'Resync', resyncTimer);
  }
}
