import type { LocalLogger } from '../infra/local/local-logger.ts';
import type { Environment } from '../shared/environment/read-environment.ts';
import { createLogger } from '../shared/telemetry/create-logger.ts';

/** Tells what goes wrong around the functions of one machine: queues, timers, the embedded services. */
export function serviceLogger(logLevel: Environment['logLevel']): LocalLogger {
  const logger = createLogger('local-cloud', { logLevel });
  return {
    debug: (message, data = {}) => logger.debug(message, data),
    info: (message, data = {}) => logger.info(message, data),
    warn: (message, data = {}) => logger.warn(message, data),
    error: (message, data = {}) => logger.error(message, data),
  };
}
