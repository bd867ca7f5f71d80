/** What the local cloud needs of a logger. */
export interface LocalLogger {
  debug(message: string, data?: Record<string, unknown>): void;
  info(message: string, data?: Record<string, unknown>): void;
  warn(message: string, data?: Record<string, unknown>): void;
  error(message: string, data?: Record<string, unknown>): void;
}

function ignore(): void {
  // Nobody listens.
}

export const silentLogger: LocalLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
