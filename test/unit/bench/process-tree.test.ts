import { parseProcess, readProcessTree } from '../../../bench/measure/process-tree.ts';

const status = 'Name:\tnode\nVmPeak:\t  900000 kB\nVmHWM:\t  123456 kB\nVmRSS:\t    1000 kB\n';

describe('what a process has used', () => {
  test('is user and system time, of ended children too, and the largest resident set', () => {
    const stat = '42 (node) S 1 42 42 0 -1 4194304 1 2 3 4 150 50 20 30 20 0 11 0 100 1000 200';
    expect(parseProcess(stat, status)).toEqual({ cpuSeconds: 2.5, peakRssBytes: 123_456 * 1024 });
  });

  test('is found behind a name with blanks and parentheses', () => {
    const stat = '42 (a) S 1 2) R 1 42 42 0 -1 4194304 1 2 3 4 100 0 0 0 20 0 11 0 100 1000 200';
    expect(parseProcess(stat, status).cpuSeconds).toBe(1);
  });

  test('of a process that is about to end has no memory', () => {
    expect(parseProcess('42 (x) Z 1 42 42 0 -1 0 0 0 0 0 7 3 0 0 20', 'Name:\tx\n')).toEqual({
      cpuSeconds: 0.1,
      peakRssBytes: 0,
    });
  });

  test('is unknown when there is no such process', () => {
    expect(readProcessTree(2 ** 30)).toBeUndefined();
  });

  test('of this very process is something', () => {
    expect(readProcessTree(process.pid)?.peakRssBytes).toBeGreaterThan(1e6);
  });
});
