/**
 * Loaded into our own processes before anything else (`node --import`): watches from outside, through Node's
 * diagnostics channels, so that the product needs no switch for the benchmark. At the end it writes a file.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { collectAwsCounts } from './collect-aws-counts.ts';
import { watchMailConnections } from './watch-mail-connections.ts';
import { MAIL_PORTS, MEASUREMENTS_FILE } from './measurement-variables.ts';
import type { OwnMeasurements } from './own-measurements.ts';

const file = process.env[MEASUREMENTS_FILE];
if (isMainThread && file !== undefined) {
  const connections = watchMailConnections(new Set((process.env[MAIL_PORTS] ?? '').split(',').map(Number)));
  const aws = collectAwsCounts();
  process.once('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const measurements: OwnMeasurements = {
      cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
      peakRssBytes: maxRSS * 1024,
      ...connections(),
      ...aws(),
    };
    writeFileSync(file, JSON.stringify(measurements));
  });
}
