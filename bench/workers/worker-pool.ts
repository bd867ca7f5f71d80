import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { LocalContext } from '../../infra/local/functions/local-function.ts';
import { FUNCTION_MEMORY } from '../../infra/resources.ts';
import { WorkerFailedError } from '../errors.ts';
import { MAIL_PORTS } from '../measure/measurement-variables.ts';
import {
  type FromWorker,
  fromWorker,
  type ToWorker,
  type WorkerName,
  type WorkerUsage,
} from './worker-messages.ts';
import type { WorkerPrograms } from './workers-task.ts';

/** Processes of workers: one invocation at a time each, used again while they last, as Lambda does it. */
export class WorkerPool {
  readonly #programs: WorkerPrograms;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #idle: { readonly name: WorkerName; readonly child: ChildProcess }[] = [];
  readonly #all: ChildProcess[] = [];

  constructor(programs: WorkerPrograms, environment: Readonly<Record<string, string | undefined>>) {
    this.#programs = programs;
    this.#environment = environment;
  }

  /** @throws WorkerFailedError with the words of the function, or when its process ended */
  async invoke(name: WorkerName, event: SQSEvent, context: LocalContext): Promise<SQSBatchResponse> {
    const child = this.#take(name);
    const answer = nextMessage(child);
    send(child, { kind: 'invoke', event, remainingMs: context.getRemainingTimeInMillis() });
    const abort = (): void => send(child, { kind: 'abort' });
    context.signal.addEventListener('abort', abort);
    const message = await answer.finally(() => context.signal.removeEventListener('abort', abort));
    this.#idle.push({ name, child });
    switch (message.kind) {
      case 'returned':
        return message.value;
      case 'failed':
        throw new WorkerFailedError(`${name}: ${message.message}`);
      case 'ended':
        throw new WorkerFailedError(`${name} ended although it was asked to work`);
    }
  }

  /** Ends the processes; what each of them has used. */
  async end(): Promise<readonly WorkerUsage[]> {
    return await Promise.all(
      this.#all.map(async (child) => {
        const ended = once(child, 'exit');
        const answer = nextMessage(child);
        send(child, { kind: 'end' });
        const message = await answer;
        await ended;
        if (message.kind !== 'ended') throw new WorkerFailedError('a worker was still at work at the end');
        return message.usage;
      }),
    );
  }

  #take(name: WorkerName): ChildProcess {
    const at = this.#idle.findIndex((each) => each.name === name);
    const [idle] = at < 0 ? [] : this.#idle.splice(at, 1);
    if (idle !== undefined) return idle.child;
    const { functions, runtime } = this.#programs;
    const child = fork(runtime, [functions[name], this.#environment[MAIL_PORTS] ?? ''], {
      env: { ...this.#environment, ...FUNCTION_MEMORY },
      execArgv: [],
    });
    this.#all.push(child);
    return child;
  }
}

function send(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message);
}

async function nextMessage(child: ChildProcess): Promise<FromWorker> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]: unknown[]) => {
        throw new WorkerFailedError(`its process ended with ${String(code)}`);
      }),
    ]);
    return fromWorker.parse(message);
  } finally {
    over.abort();
  }
}
