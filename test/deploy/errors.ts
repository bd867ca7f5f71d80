/** A program that the deployment needs failed, or went on for too long; the message has the end of what it printed. */
export class ProgramFailedError extends Error {
  readonly code = 'ProgramFailed';
  constructor(command: string, outcome: string, printed: string) {
    super(`${command}: ${outcome}\n${printed}`);
    this.name = 'ProgramFailedError';
  }
}

/** The emulator did not come up; the message has the end of its log. */
export class EmulatorStartError extends Error {
  readonly code = 'EmulatorStart';
  constructor(log: string) {
    super(`The emulator of AWS did not start:\n${log}`);
    this.name = 'EmulatorStartError';
  }
}

/** The sign-in pages answered something else than the flow says. */
export class SignInFailedError extends Error {
  readonly code = 'SignInFailed';
  constructor(step: string, status: number, text: string) {
    super(`Sign-in, ${step}: ${status} ${text.slice(0, 500)}`);
    this.name = 'SignInFailedError';
  }
}
