import { BenchReport } from '../../../bench/report/bench-report.ts';
import type { ToolName } from '../../../bench/tools/bench-tool.ts';
import { workloadNamed } from '../../../bench/workloads/workloads.ts';

function reportOf(tool: ToolName, equal: boolean): BenchReport {
  const report = new BenchReport({
    startedAt: new Date('2026-03-01T12:00:00Z'),
    machine: {
      cpu: 'A processor',
      cores: 2,
      memoryGb: 4,
      kernel: 'Linux 6.1',
      storage: 'memory',
      node: '24.0.0',
      dovecot: '2.3',
    },
    rounds: 1,
    lanes: undefined,
    tools: [{ name: 'imapsync', version: undefined, configuration: '', remedy: 'Set IMAPSYNC.' }],
  });
  const workload = workloadNamed('huge-1');
  const verdict = {
    equal,
    messages: 1,
    summary: '1 altered',
    report: '1 altered\n  altered in INBOX: UID 1',
  };
  report.add(
    { workload, delayMs: 0, tools: [tool] },
    { messages: 1, bytes: 157_286_400 },
    { samples: [], verifications: [{ workload: workload.name, delayMs: 0, tool, round: 1, verdict }] },
  );
  return report;
}

describe('the report of a run', () => {
  test('counts a copy of ours that differs as a failure, and says what differs', () => {
    for (const tool of ['mailhaul', 'transfer'] as const) {
      expect(reportOf(tool, false).failures()).toEqual([expect.stringContaining('altered in INBOX: UID 1')]);
      expect(reportOf(tool, true).failures()).toEqual([]);
    }
  });

  test('only notes what a rival changed', () => {
    const report = reportOf('mbsync', false);
    expect(report.failures()).toEqual([]);
    expect(report.markdown()).toContain('mbsync, huge-1, 0 ms: 1 altered. altered in INBOX: UID 1');
  });

  test('names the tools that are not installed, with the remedy', () => {
    expect(reportOf('mailhaul', true).heading()).toContain('imapsync: not installed. Set IMAPSYNC.');
  });
});
