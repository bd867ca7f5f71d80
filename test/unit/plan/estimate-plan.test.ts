import { priceUsage, sumDollars } from '../../../infra/plan/price-usage.ts';
import { timesUsage, usageOf } from '../../../infra/plan/aws-usage.ts';
import { estimatePlan } from '../../../infra/plan/estimate-plan.ts';
import { type PlanOptions, planInput } from '../../../infra/plan/plan-input.ts';
import { gmail } from '../../../shared/imap/providers/profiles/gmail.ts';
import { other } from '../../../shared/imap/providers/profiles/other.ts';
import { QUEUES } from '../../../infra/resources.ts';

const estimate = (options: Partial<PlanOptions>) =>
  estimatePlan(planInput({ mailboxes: 1000, gb: 5, ...options }));
const limitOf = (plan: ReturnType<typeof estimate>, name: string) =>
  plan.limits.find((limit) => limit.name.startsWith(name));

describe('an estimate', () => {
  test('takes lanes, budgets and concurrency from the code', () => {
    const { input, work } = estimate({ provider: 'gmail' });
    expect(work.lanes).toBe(other.connections);
    expect(estimate({ provider: 'gmail', destination: 'gmail' }).work.lanes).toBe(gmail.connections);
    expect(input.dailyBytes).toBe(gmail.dailyBytesDown);
    expect(input.workers).toBe(QUEUES.chunks.maximumConcurrency);
    expect(input.planners).toBe(QUEUES.passes.maximumConcurrency);
  });

  test('of 5 GB from Gmail is two days of its budget, and says so', () => {
    const { bounds, copy } = estimate({ provider: 'gmail', mailboxes: 1 });
    expect(bounds[0]?.kind).toBe('provider-day');
    expect(copy.seconds).toBeGreaterThan(86_400);
    expect(copy.seconds).toBeLessThan(2 * 86_400);
  });

  test('to Gmail is bound by what goes up in a day', () => {
    const days = estimate({ provider: 'dovecot', destination: 'gmail', mailboxes: 1 }).copy.seconds / 86_400;
    expect(days).toBeGreaterThan(9);
    expect(days).toBeLessThan(10);
  });

  test('says when planners cannot keep all in step, and by how much the interval grows', () => {
    const { step } = estimate({ mailboxes: 100_000, resync: 15 });
    expect(step.slowedBy).toBe('planners');
    expect(step.cycleSeconds).toBeGreaterThan(15 * 60);
    expect(estimate({ mailboxes: 100_000, resync: 60 }).step.slowedBy).toBe('nothing');
    expect(estimate({ mailboxes: 1_000_000, planners: 5000, resync: 15 }).step.slowedBy).toBe('timer');
  });

  test('costs more with more mailboxes, more mail, more new mail and shorter intervals', () => {
    const day = (options: Partial<PlanOptions>): number => sumDollars(estimate(options).dayCosts);
    const copy = (options: Partial<PlanOptions>): number => sumDollars(estimate(options).firstCopyCosts);
    for (const costs of [
      [1, 10, 1000, 10_000].map((mailboxes) => copy({ mailboxes })),
      [1, 10, 1000, 10_000].map((mailboxes) => day({ mailboxes })),
      [0.1, 1, 10, 100].map((gb) => copy({ gb })),
      [0, 10, 100].map((newMessages) => day({ newMessages })),
      [60, 30, 15].map((resync) => day({ resync })),
      [0, 1, 2].map((addresses) => copy({ addresses })),
    ]) {
      expect(costs).toEqual(costs.toSorted((one, other) => one - other));
      expect(new Set(costs).size).toBe(costs.length);
    }
  });

  test('compares what is at work with what the account may run', () => {
    const plan = estimate({ mailboxes: 10_000, hostConnections: 100 });
    const executions = limitOf(plan, 'Lambda: executions');
    expect(executions?.firstCopy).toBeLessThanOrEqual(executions?.limit ?? 0);
    expect(limitOf(plan, 'source (Other e-mail source): connections in all')?.limit).toBe(100);
    const few = estimate({ mailboxes: 10_000, accountConcurrency: 100 });
    expect(limitOf(few, 'Lambda: executions')?.firstCopy).toBeLessThanOrEqual(101);
  });
});

describe('the bill', () => {
  const dollarsOf = (usage: Parameters<typeof usageOf>[0], days = 30): number =>
    sumDollars(priceUsage(usageOf(usage), days));

  test('of a million writes of 1 KB, of requests and of compute is what the table says', () => {
    expect(dollarsOf({ writeUnits: 1e6 })).toBeCloseTo(0.625, 9);
    expect(dollarsOf({ sqsRequests: 1e6 })).toBeCloseTo(0.4, 9);
    expect(dollarsOf({ lambdaRequests: 1e6 })).toBeCloseTo(0.2, 9);
    expect(dollarsOf({ secretDays: 30 })).toBeCloseTo(0.4, 9);
  });

  test('for data gets cheaper with the amount of a month, not of the whole time', () => {
    expect(dollarsOf({ egressGb: 1000 })).toBeCloseTo(90, 6);
    expect(dollarsOf({ egressGb: 20_000 })).toBeCloseTo(10_000 * 0.09 + 10_000 * 0.085, 6);
    expect(dollarsOf({ egressGb: 20_000 }, 60)).toBeCloseTo(20_000 * 0.09, 6);
  });

  test('is the sum of its lines, and twice as much for twice of all but data', () => {
    const usage = usageOf({ writeUnits: 5, readUnits: 7, kmsRequests: 3, logsGb: 1, lambdaGbSeconds: 9 });
    const lines = priceUsage(usage, 1);
    expect(sumDollars(lines)).toBeCloseTo(
      lines.reduce((sum, { dollars }) => sum + dollars, 0),
      12,
    );
    expect(sumDollars(priceUsage(timesUsage(usage, 2), 1))).toBeCloseTo(2 * sumDollars(lines), 12);
  });
});
