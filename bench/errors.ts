/** A failure that ends the benchmark; its message says what happened and what to do. */
export class BenchError extends Error {
  readonly code: string = 'BenchFailed';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A program that the benchmark cannot do without is not installed. */
export class ProgramMissingError extends BenchError {
  override readonly code = 'ProgramMissing';
  readonly program: string;
  constructor(program: string, remedy: string) {
    super(`${program} is not installed. ${remedy}`);
    this.program = program;
  }
}

/** A run of our own did not end well: what it measured means nothing. */
export class OwnRunFailedError extends BenchError {
  override readonly code = 'OwnRunFailed';
}

/** Something that the benchmark started for itself does not do what it should. */
export class BenchSetupError extends BenchError {
  override readonly code = 'BenchSetup';
}

/** A file that a measured process was to write is missing or is not what was agreed. */
export class MeasurementMissingError extends BenchError {
  override readonly code = 'MeasurementMissing';
}

/** A worker that runs in a process of its own failed, or its process ended. */
export class WorkerFailedError extends BenchError {
  override readonly code = 'WorkerFailed';
}
