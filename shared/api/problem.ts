import { PROBLEMS, type ProblemCode } from './problem-code.ts';

/** One thing that is wrong with a request, and where. */
export interface ProblemPlace {
  /** What is wrong there. Never repeats the value that was sent. */
  readonly detail: string;
  readonly in?: 'body' | 'query' | 'header';
  /** JSON pointer as a URI fragment (RFC 6901 §6), such as `#/mailboxes/3/email`. */
  readonly pointer?: string;
  /** Of a CSV file, counted from 1 with the header. */
  readonly row?: number;
  readonly column?: string;
  readonly remedy?: string;
}

/** An answer that says why a request is not served (RFC 9457); thrown by handlers, told to the client as it is. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: readonly ProblemPlace[];
  /** Members beside those of RFC 9457, such as a verdict. */
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      errors?: readonly ProblemPlace[];
      extensions?: Readonly<Record<string, unknown>>;
      headers?: Readonly<Record<string, string>>;
      cause?: unknown;
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProblemError';
    this.code = code;
    this.status = PROBLEMS[code];
    this.errors = options.errors ?? [];
    this.extensions = options.extensions ?? {};
    this.headers = options.headers ?? {};
  }
}
