import type { SkippedItem } from '../../../cli/api/mailbox-view.ts';
import { buildReport, MAX_ITEMS, type ReportInput } from '../../../cli/report/migration-report.ts';
import { reportExitCode } from '../../../cli/report/report-exit-code.ts';
import { reportText } from '../../../cli/report/report-text.ts';
import { mailboxView } from '../../support/mailbox-view.ts';

const RUN = { seconds: 2.00049, interrupted: false };
const item: SkippedItem = {
  folder: 'INBOX',
  uid: 7,
  state: 'skipped',
  reason: 'too-big',
  description: 'The message is larger than the destination accepts.',
  remedy: 'Raise the limit.',
  subject: 'Holiday \u001b[31mphotos',
};
const synced = (given: Partial<ReportInput> = {}): ReportInput => ({
  mailbox: mailboxView({
    status: 'synced',
    messages: { listed: 100, copied: 90, adopted: 10, skipped: 0, underOtherLabel: 0, failed: 0 },
  }),
  before: undefined,
  seconds: 1,
  items: [],
  ...given,
});
const withStatus = (status: 'failed' | 'needs-attention' | 'throttled' | 'syncing' | 'waiting-for-user') =>
  synced({ mailbox: mailboxView({ status, throttledUntil: Date.UTC(2026, 0, 2) }) });

describe('the report', () => {
  test('tells apart what this run did from what earlier runs did', () => {
    const before = { listed: 95, copied: 85, adopted: 10, skipped: 0, underOtherLabel: 0, failed: 1 };
    const report = buildReport([synced({ before }), synced()], RUN);
    expect(report.mailboxes.map(({ thisRun }) => thisRun)).toEqual([
      { copied: 5, adopted: 0, skipped: 0, underOtherLabel: 0, failed: 0 },
      { copied: 90, adopted: 10, skipped: 0, underOtherLabel: 0, failed: 0 },
    ]);
    expect(report.totals).toEqual({
      mailboxes: 2,
      statuses: { synced: 2 },
      folders: 8,
      messages: { listed: 200, copied: 180, adopted: 20, skipped: 0, underOtherLabel: 0, failed: 0 },
      bytes: 2_000_000,
      thisRun: { copied: 95, adopted: 10, skipped: 0, underOtherLabel: 0, failed: 0 },
      seconds: 2,
    });
  });

  test('counts what a source with labels lists again apart from what was not copied', () => {
    const labelled = {
      listed: 9_000,
      copied: 3_998,
      adopted: 0,
      skipped: 5_002,
      underOtherLabel: 5_000,
      failed: 0,
    };
    const report = buildReport(
      [synced({ mailbox: mailboxView({ status: 'synced', messages: labelled }) }), synced()],
      RUN,
    );
    expect(report.totals.messages).toMatchObject({ skipped: 5_002, underOtherLabel: 5_000 });
    const text = reportText(report);
    const [header, first, second] = text.split('\n').map((line) => line.split(/ {2,}/));
    expect(header?.slice(4, 9)).toEqual(['Copied', 'Adopted', 'Other label', 'Skipped', 'Failed']);
    expect(first?.slice(4, 9)).toEqual(['3,998', '0', '5,000', '2', '0']);
    expect(second?.slice(4, 9)).toEqual(['90', '10', '0', '0', '0']);
    expect(text).toContain(
      '4,098 messages at the destination, 2.0 MB. Listed again with another label: 5,000.',
    );
    expect(text).toContain('This run: 4,088 copied, 10 adopted, 2 skipped in');
  });

  test('says nothing of labels where no message counts with another', () => {
    const text = reportText(buildReport([synced()], RUN));
    expect(text).not.toMatch(/label/i);
    expect(text.split('\n')[0]?.split(/ {2,}/).slice(4, 8)).toEqual([
      'Copied',
      'Adopted',
      'Skipped',
      'Failed',
    ]);
  });

  test('names what a run skipped, also while it makes copies for labels', () => {
    const before = { listed: 20, copied: 10, adopted: 0, skipped: 10, underOtherLabel: 10, failed: 0 };
    const messages = { listed: 20, copied: 17, adopted: 0, skipped: 3, underOtherLabel: 1, failed: 0 };
    const mailbox = mailboxView({ status: 'synced', messages });
    const report = buildReport([synced({ mailbox, before })], RUN);
    expect(report.totals.thisRun).toEqual({
      copied: 7,
      adopted: 0,
      skipped: 2,
      underOtherLabel: 0,
      failed: 0,
    });
    expect(reportText(report)).toContain('This run: 7 copied, 2 skipped in');
    const relabelled = { ...before, listed: 22, skipped: 12, underOtherLabel: 12 };
    const again = buildReport(
      [synced({ mailbox: mailboxView({ status: 'synced', messages: relabelled }), before })],
      RUN,
    );
    expect(again.totals.thisRun).toMatchObject({ skipped: 2, underOtherLabel: 2 });
    expect(reportText(again)).toContain('This run: nothing new in');
  });

  test('lists a bounded number of skipped messages', () => {
    const items = Array.from({ length: MAX_ITEMS + 5 }, (_, uid) => ({ ...item, uid }));
    expect(buildReport([synced({ items })], RUN).mailboxes[0]?.skippedItems).toHaveLength(MAX_ITEMS);
  });

  test('shows people the status, the reason, the remedy and what was not copied, safe for a terminal', () => {
    const reason = {
      code: 'authentication-failed',
      summary: 'The password was refused.',
      remedy: 'Correct it.',
      detail: 'NO \u001b[2J',
    };
    const text = reportText(
      buildReport(
        [synced({ items: [item] }), synced({ mailbox: mailboxView({ status: 'needs-attention', reason }) })],
        RUN,
      ),
    );
    expect(text).toContain('Needs attention. The password was refused. (NO ?[2J)\n  Correct it.');
    expect(text).toContain('INBOX · UID 7 “Holiday ?[31mphotos”: skipped. The message is larger');
    expect(text).toContain('2 mailboxes: 1 Synced, 1 Needs attention.');
    expect(text).not.toContain('\u001b');
  });
});

describe('the exit code', () => {
  const codeOf = (inputs: ReportInput[], interrupted = false) =>
    reportExitCode(buildReport(inputs, { seconds: 1, interrupted }));
  const messages = { listed: 100, copied: 99, adopted: 0, skipped: 1, underOtherLabel: 0, failed: 0 };

  test('is 0 when every mailbox is Synced and nothing was left out', () => {
    expect(codeOf([synced(), synced()])).toBe(0);
    expect(codeOf([synced()], true)).toBe(130);
  });

  test('is 3 when something was skipped or failed', () => {
    const mailbox = mailboxView({ status: 'synced', messages });
    expect(codeOf([synced(), synced({ mailbox, items: [item] })])).toBe(3);
    const failed = { ...messages, skipped: 0, underOtherLabel: 0, failed: 1 };
    expect(codeOf([synced({ mailbox: mailboxView({ status: 'synced', messages: failed }) })])).toBe(3);
    const altered = Array.from({ length: MAX_ITEMS }, () => ({ ...item, state: 'copied' as const }));
    expect(codeOf([synced({ mailbox, items: [...altered, item] })])).toBe(3);
  });

  test('is 0 for what is there with another label, or in another form', () => {
    const there = { ...messages, underOtherLabel: 1 };
    const mailbox = mailboxView({ status: 'synced', messages: there });
    expect(codeOf([synced({ mailbox })])).toBe(0);
    expect(codeOf([synced({ mailbox, items: [{ ...item, state: 'copied' }] })])).toBe(0);
  });

  test.each(['failed', 'needs-attention', 'waiting-for-user'] as const)(
    'is 2 when a mailbox is %s',
    (status) => {
      expect(codeOf([synced(), withStatus(status)])).toBe(2);
      expect(
        codeOf([withStatus(status), synced({ mailbox: mailboxView({ status: 'synced', messages }) })], true),
      ).toBe(2);
    },
  );

  test.each(['syncing', 'throttled'] as const)('is 130 when Ctrl-C came while a mailbox was %s', (status) => {
    expect(codeOf([synced(), withStatus(status)], true)).toBe(130);
  });
});
