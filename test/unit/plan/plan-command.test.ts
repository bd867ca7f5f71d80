import { readFile } from 'node:fs/promises';
import { PlanOptionError } from '../../../infra/plan/errors.ts';
import { fillPlanTables } from '../../../infra/plan/fill-plan-tables.ts';
import { planCommand } from '../../../infra/plan/plan-command.ts';
import { planInput } from '../../../infra/plan/plan-input.ts';

function printed(line: string): string {
  let text = '';
  planCommand((part) => (text += part))
    .configureOutput({ writeOut: (part) => (text += part), writeErr: (part) => (text += part) })
    .parse(line.split(' '), { from: 'user' });
  return text;
}

describe('npm run plan', () => {
  test('tells time, what binds, limits, cost and assumptions', () => {
    const report = printed('--mailboxes 100000 --gb 5 --provider gmail');
    for (const part of [
      '100,000 mailboxes of 5.0 GB',
      'all are in step after',
      'Secrets Manager: reads/s',
      'Data to the internet',
      'first copy and 30 days',
      'Assumed: 360 messages/s',
    ])
      expect(report).toContain(part);
  });

  test('compares several sizes, a line each', () => {
    const lines = printed('--mailboxes 1,10,100 --gb 1').split('\n');
    expect(lines.filter((line) => /^\| +1(0*) /.test(line))).toHaveLength(3);
  });

  test('gives programs the same in JSON', () => {
    const plan: unknown = JSON.parse(printed('--mailboxes 10 --gb 1 --json'));
    expect(plan).toMatchObject({
      input: { mailboxes: 10, bytes: 1e9 },
      copy: { seconds: expect.any(Number) },
    });
  });

  test('names the option that is wrong, and what to give instead', () => {
    expect(() => printed('--mailboxes 0 --gb 1')).toThrow(PlanOptionError);
    expect(() => printed('--mailboxes 0 --gb 1')).toThrow(/^--mailboxes: .*from 1 to/);
    expect(() => printed('--mailboxes 1 --gb 1 --provider gmial')).toThrow(
      /^--provider: .*Choose from gmail/,
    );
    expect(() => printed('--mailboxes 1 --gb x')).toThrow(/Give a number/);
    expect(() => printed('--gb 1')).toThrow(/--mailboxes/);
    expect(() => planInput({ mailboxes: 1, gb: 1, lanes: 99 })).toThrow(/^--lanes: .*from 1 to 20/);
    expect(() => planInput({ mailboxes: 1, gb: 1, hostConnections: 0 })).toThrow(/^--host-connections: /);
  });
});

describe('docs/scale.md', () => {
  test('shows what the command prints (npm run plan:docs writes it anew)', async () => {
    const document = await readFile(new URL('../../../docs/scale.md', import.meta.url), 'utf8');
    expect(document.match(/<!-- npm run plan -- .+ -->\n\n\| /g)).toHaveLength(
      document.split('<!-- end -->').length - 1,
    );
    expect(fillPlanTables(document)).toBe(document);
  });
});
