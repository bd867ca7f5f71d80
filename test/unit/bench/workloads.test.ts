import { workloadNamed } from '../../../bench/workloads/workloads.ts';
import { planBench } from '../../../bench/bench-plan.ts';

describe('the workloads', () => {
  test('the office has every one of its messages, parents of folders first', () => {
    const office = workloadNamed('office-300');
    const mail = [...office.messages()];
    expect(mail).toHaveLength(office.messageCount);
    expect(new Set(mail.map(({ folder }) => folder))).toEqual(new Set(office.folders));
    const orphans = office.folders.filter((folder, index) => {
      const parent = folder.split('/').slice(0, -1).join('/');
      return parent !== '' && !office.folders.slice(0, index).includes(parent);
    });
    expect(orphans).toEqual([]);
  });

  test('are the same each time, byte for byte, and no two messages are alike', () => {
    const read = () =>
      [...workloadNamed('office-300').messages()].map(({ bytes }) => bytes().toString('latin1'));
    const first = read();
    expect(read()).toEqual(first);
    expect(new Set(first).size).toBe(first.length);
  });

  test('messages have CRLF line ends and ASCII alone, so that no tool has a reason to alter them', () => {
    for (const { bytes } of workloadNamed('office-300').messages()) {
      const text = bytes().toString('latin1');
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]|[^\t\x20-\x7e]/);
      expect(text).toMatch(/\r\n$/);
    }
  });

  test('messages are about as large as their workload says', () => {
    const sizes = [...workloadNamed('attachments-200').messages()].map(({ bytes }) => bytes().length);
    expect(Math.min(...sizes)).toBeGreaterThan(470_000);
    expect(Math.max(...sizes)).toBeLessThan(530_000);
  });

  test('new mail is 1 % of the old, at least one message, and none that was there before', () => {
    const office = workloadNamed('office-300');
    const known = new Set([...office.messages()].map(({ bytes }) => bytes().toString('latin1')));
    const mail = [...office.newMail()];
    expect(mail).toHaveLength(3);
    expect(mail.some(({ bytes }) => known.has(bytes().toString('latin1')))).toBe(false);
    expect([...workloadNamed('huge-1').newMail()]).toHaveLength(1);
  });
});

describe('the plan of a run', () => {
  test('without options is full: every workload with and without delay, three times', () => {
    const plan = planBench({});
    expect(plan).toMatchObject({ rounds: 3, full: true });
    expect(new Set(plan.cases.map(({ delayMs }) => delayMs))).toEqual(new Set([0, 25]));
  });

  test('that was narrowed is not full, and neither is the short form', () => {
    for (const options of [{ quick: true }, { tool: ['mbsync'] }, { delay: [0] }, { rounds: 1 }] as const)
      expect(planBench(options).full).toBe(false);
  });

  test('names each workload with each delay that was asked for', () => {
    const plan = planBench({ workload: ['huge-1', 'office-300'], delay: [25], tool: ['mailhaul'] });
    expect(plan.cases.map((each) => [each.workload.name, each.delayMs, each.tools])).toEqual([
      ['huge-1', 25, ['mailhaul']],
      ['office-300', 25, ['mailhaul']],
    ]);
  });
});
