import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { mailboxWork } from '../../../infra/plan/mailbox-work.ts';
import { MEASURED } from '../../../infra/plan/measured-costs.ts';
import { firstPassUsage, laterPassUsage } from '../../../infra/plan/pass-usage.ts';
import { DUE_SHARDS } from '../../../shared/migration/resync-schedule.ts';

const rowSchema = z.object({
  tool: z.string(),
  pass: z.string(),
  own: z
    .object({
      mailSeconds: z.number(),
      connections: z.number(),
      requestsByService: z.record(z.string(), z.number()),
      operations: z.record(z.string(), z.record(z.string(), z.number())),
      units: z.object({ read: z.number(), write: z.number() }),
    })
    .optional(),
});
const resultsSchema = z.object({
  cases: z.array(
    z.object({
      workload: z.string(),
      delayMs: z.number(),
      messages: z.number(),
      bytes: z.number(),
      rows: z.array(rowSchema),
    }),
  ),
});

/** Ms between two ticks of the timer of one machine. */
const TICK_SECONDS = 5;

const FOLDERS: Readonly<Record<string, number>> = {
  'office-300': 12,
  'office-5000': 12,
  'office-5000-200': 200,
};

interface Measured {
  readonly name: string;
  readonly messages: number;
  readonly bytes: number;
  readonly folders: number;
  readonly lanes: number;
  /** Lanes renewed their leases each second there. */
  readonly renewals: number;
  readonly requests: number;
  readonly read: number;
  readonly write: number;
}

/** The passes of this kind, without what one machine asks at its start and its timer every five seconds. */
async function measured(pass: string): Promise<Measured[]> {
  const found: Measured[] = [];
  for (const day of ['2026-11-22-1101', '2026-11-22-1111']) {
    const file = new URL(`../../../bench/results/${day}.json`, import.meta.url);
    const { cases } = resultsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    for (const { bytes, delayMs, messages, rows, workload } of cases) {
      const own = rows.find((row) => row.pass === pass && ['mailhaul', 'workers'].includes(row.tool))?.own;
      if (own === undefined) continue;
      const ticks = 1 + Math.floor(own.mailSeconds / TICK_SECONDS);
      const scans = own.operations.DynamoDB?.Scan ?? 0;
      // two connections are the test before the first pass
      const lanes = Math.max(1, Math.min(4, (own.connections - 2) / 2));
      found.push({
        name: `${workload}, ${delayMs} ms`,
        messages,
        bytes,
        folders: FOLDERS[workload] ?? 1,
        lanes,
        renewals: Math.floor(own.mailSeconds) * lanes,
        requests: (own.requestsByService.DynamoDB ?? 0) - ticks * DUE_SHARDS - scans,
        read: own.units.read - (ticks * DUE_SHARDS) / 2 - scans,
        write: own.units.write,
      });
    }
  }
  return found;
}

function expectWithin(actual: number, expected: number, tolerance: number): void {
  expect(actual).toBeGreaterThan(expected * (1 - tolerance));
  expect(actual).toBeLessThan(expected * (1 + tolerance));
}

describe('what a pass takes of AWS', () => {
  test('is for a first pass what the benchmark measured, from 1 to 1,000,000 messages', async () => {
    const runs = await measured('first');
    expect(runs.length).toBeGreaterThanOrEqual(11);
    for (const { bytes, folders, lanes, messages, name, read, renewals, requests, write } of runs) {
      const work = mailboxWork({
        messages,
        bytes,
        folders,
        lanes,
        messagesPerSecond: MEASURED.messagesPerSecond,
        bytesPerSecond: MEASURED.bytesPerSecond,
        accountMessagesPerSecond: undefined,
        dailyBytes: undefined,
      });
      const usage = firstPassUsage(
        { messages, bytes, folders },
        work,
        { plannerSeconds: 0, laneSeconds: 0, turns: lanes - 1 },
        false,
      );
      try {
        expectWithin(usage.dynamoDbRequests + renewals, requests, 0.2);
        expectWithin(usage.writeUnits + renewals, write, 0.2);
        expectWithin(usage.readUnits, read, 0.2);
      } catch (error) {
        throw new Error(name, { cause: error });
      }
    }
  });

  test('is for a pass that finds nothing new what the benchmark measured', async () => {
    const runs = await measured('unchanged');
    for (const { folders, read, requests, write } of runs.filter(
      ({ name }) => !name.startsWith('small-1000000'),
    )) {
      const usage = laterPassUsage(0, folders, { count: 0, bytes: 0 }, false);
      expectWithin(usage.dynamoDbRequests, requests, 0.1);
      expectWithin(usage.writeUnits, write, 0.1);
      expectWithin(usage.readUnits, read, 0.1);
    }
  });

  test('grows with the messages of a mailbox, at less than twelve requests for a thousand of them', () => {
    const requestsOf = (messages: number): number => {
      const sizes = { messages, bytes: messages * 75_000, folders: 1, lanes: 4 };
      const work = mailboxWork({
        ...sizes,
        messagesPerSecond: 100,
        bytesPerSecond: 1e9,
        accountMessagesPerSecond: undefined,
        dailyBytes: undefined,
      });
      return firstPassUsage(sizes, work, { plannerSeconds: 2, laneSeconds: 2, turns: 3 }, false)
        .dynamoDbRequests;
    };
    const [small, large, huge] = [requestsOf(1000), requestsOf(100_000), requestsOf(1_000_000)];
    expect(large).toBeGreaterThan(small);
    expect(huge).toBeGreaterThan(large);
    expect(huge / 1000).toBeLessThan(12);
  });

  test('counts what a NAT gateway sees twice: it comes in and goes out', () => {
    const mail = { count: 10, bytes: 1e9 };
    const usage = laterPassUsage(1, 12, mail, true);
    expect(usage.natGb).toBeCloseTo(2 * usage.egressGb, 9);
    expect(usage.egressGb).toBeGreaterThan(1);
    expect(laterPassUsage(1, 12, mail, false).natGb).toBe(0);
  });
});
