import { Logger } from '@aws-lambda-powertools/logger';
import type { Environment } from '../environment/read-environment.ts';

/**
 * The structured logger of every function. Callers pass identifiers, counts and error classes only: never a
 * credential, an address list or message content.
 */
export function createLogger(serviceName: string, environment: Pick<Environment, 'logLevel'>): Logger {
  return new Logger({ serviceName, logLevel: environment.logLevel });
}
