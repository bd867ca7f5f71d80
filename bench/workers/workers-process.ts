/**
 * `mailhaul migrate --once` with each worker function in a process of its own: `node workers-process.ts TASK.json`.
 * What it measures is the worker, as it will be in Lambda: the embedded cloud is the memory of this process.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { reportExitCode } from '../../cli/report/report-exit-code.ts';
import { runMigrate } from '../../cli/migrate/run-migrate.ts';
import { loadFunctions } from '../../infra/local/load-functions.ts';
import { systemClock } from '../../shared/migration/clock.ts';
import { MEASUREMENTS_FILE } from '../measure/measurement-variables.ts';
import type { OwnMeasurements } from '../measure/own-measurements.ts';
import { collectAwsCounts } from '../measure/collect-aws-counts.ts';
import { WorkerPool } from './worker-pool.ts';
import { workersTask } from './workers-task.ts';

const aws = collectAwsCounts();
const task = workersTask.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
const pools: WorkerPool[] = [];
const addressOf = ({ host, port }: { host: string; port: number }) =>
  ({ host, port, security: 'insecure' }) as const;
const report = await runMigrate(
  {
    source: addressOf(task.source),
    destination: addressOf(task.destination),
    users: [
      {
        emailAddress: task.destination.user,
        userName: task.source.user,
        password: task.source.password,
        destinationPassword: task.destination.password,
      },
    ],
    stateDir: task.stateDir,
    once: true,
    lanes: task.lanes,
  },
  {
    view: { show: () => undefined, note: () => undefined, close: () => undefined },
    signal: new AbortController().signal,
    clock: systemClock,
    environment: process.env,
    loadFunctions: async () => {
      const makeHandlers = await loadFunctions();
      return (environment) => {
        const pool = new WorkerPool(task.programs, { ...process.env, ...environment });
        pools.push(pool);
        return {
          ...makeHandlers(environment),
          planPass: (event, context) => pool.invoke('plan-pass', event, context),
          syncChunk: (event, context) => pool.invoke('sync-chunk', event, context),
        };
      };
    },
  },
);
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exitCode = reportExitCode(report);
const workers = (await Promise.all(pools.map((pool) => pool.end()))).flat();
const times = (pick: 'firstConnectionAt' | 'lastConnectionEndedAt'): number[] =>
  workers.flatMap((worker) => worker[pick] ?? []);
const measurements: OwnMeasurements = {
  cpuSeconds: workers.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  peakRssBytes: Math.max(...workers.map(({ peakRssBytes }) => peakRssBytes)),
  firstConnectionAt: Math.min(...times('firstConnectionAt')),
  lastConnectionEndedAt: Math.max(...times('lastConnectionEndedAt')),
  connections: workers.reduce((sum, { connections }) => sum + connections, 0),
  ...aws(),
};
await writeFile(process.env[MEASUREMENTS_FILE] ?? '', JSON.stringify(measurements));
