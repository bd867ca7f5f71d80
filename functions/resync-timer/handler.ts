import withMiddy from '@middy/core';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { type WakeReport, wakeDue } from '../../shared/lifecycle/wake-due.ts';
import { createServices, type Services } from '../../shared/services.ts';

/** `boot` comes from one machine that has just started: the work of a dead predecessor may lie about. */
type Tick = ScheduledEvent<{ readonly boot?: boolean }>;

/** Sees to every mailbox whose time has come; called by a timer once a minute. */
export function createResyncTimerHandler(variables: Readonly<Record<string, string | undefined>>) {
  let services: Services | undefined;
  return withMiddy(async (event: Tick, _context: Context): Promise<WakeReport> => {
    const ready = (services ??= createServices('resync-timer', variables));
    const report = await wakeDue(ready, { now: ready.clock.now(), all: event.detail?.boot === true });
    ready.logger.info('tick', { ...report });
    return report;
  });
}

export const handler = createResyncTimerHandler(process.env);
