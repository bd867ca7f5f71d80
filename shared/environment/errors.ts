import type * as z from 'zod';

/** The function's environment variables are incomplete or malformed; names each one. */
export class EnvironmentInvalidError extends Error {
  readonly code = 'EnvironmentInvalid';
  readonly variables: readonly string[];
  constructor(issues: readonly z.core.$ZodIssue[]) {
    const lines = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    super(`The environment is not complete. Set these variables and start again:\n  ${lines.join('\n  ')}`);
    this.name = 'EnvironmentInvalidError';
    this.variables = issues.map((issue) => issue.path.join('.'));
  }
}
