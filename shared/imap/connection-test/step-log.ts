import type { ImapEndpoint } from '../session/imap-endpoint.ts';
import type { ImapSide } from '../errors.ts';
import type { ConnectionStep, StepOutcome } from './connection-verdict.ts';

/** STARTTLS greets before it encrypts, and plain text has nothing to encrypt. */
const BEFORE_SIGN_IN: Readonly<Record<ImapEndpoint['security'], readonly ConnectionStep[]>> = {
  tls: ['name', 'tcp', 'tls', 'greeting'],
  starttls: ['name', 'tcp', 'greeting', 'tls'],
  insecure: ['name', 'tcp', 'greeting'],
};

function afterSignIn(side: ImapSide): readonly ConnectionStep[] {
  const steps: ConnectionStep[] = ['login', 'capabilities', 'namespace', 'folders', 'quota'];
  return side === 'destination' ? [...steps, 'create'] : steps;
}

/** The steps of one test and what became of each, with the time between two of them. */
export class StepLog {
  readonly #order: readonly ConnectionStep[];
  readonly #done: StepOutcome[] = [];
  readonly #now: () => number;
  readonly #onStep: (outcome: StepOutcome) => void;
  #began: number;

  /** @param options asksFirst: whether a token is asked for; signsIn: false where it ends before; now: monotonic, in ms */
  constructor(
    security: ImapEndpoint['security'],
    side: ImapSide,
    options: {
      asksFirst: boolean;
      signsIn?: boolean;
      now: () => number;
      onStep: (outcome: StepOutcome) => void;
    },
  ) {
    this.#order = [
      ...(options.asksFirst ? (['token'] as const) : []),
      ...BEFORE_SIGN_IN[security],
      ...(options.signsIn === false ? (['capabilities'] as const) : afterSignIn(side)),
    ];
    this.#now = options.now;
    this.#onStep = options.onStep;
    this.#began = options.now();
  }

  /** The step that is being taken; undefined after the last. */
  get current(): ConnectionStep | undefined {
    return this.#order.find((step) => !this.#done.some((outcome) => outcome.step === step));
  }

  /** A step that is taken again, with a newer token, stays as it was; its time counts for the current one. */
  ok(step: ConnectionStep, detail: string): void {
    if (this.#done.some((outcome) => outcome.step === step)) return;
    this.#note({ step, state: 'ok', detail });
  }

  fail(step: ConnectionStep, detail: string): void {
    this.#note({ step, state: 'failed', detail });
  }

  /** All steps, those that were not reached included. */
  get outcomes(): StepOutcome[] {
    const rest = this.#order.filter((step) => !this.#done.some((outcome) => outcome.step === step));
    return [
      ...this.#done,
      ...rest.map((step) => ({ step, state: 'not-reached' as const, detail: '', ms: 0 })),
    ];
  }

  #note(outcome: Omit<StepOutcome, 'ms'>): void {
    const at = this.#now();
    const timed = { ...outcome, ms: Math.round(at - this.#began) };
    this.#began = at;
    this.#done.push(timed);
    this.#onStep(timed);
  }
}
