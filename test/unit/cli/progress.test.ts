import { createLinesView } from '../../../cli/progress/lines-view.ts';
import { createProgressTracker } from '../../../cli/progress/progress-snapshot.ts';
import { createRateMeter } from '../../../cli/progress/rate-meter.ts';
import { formatBytes } from '../../../cli/text/format-bytes.ts';
import { formatDuration } from '../../../cli/text/format-duration.ts';
import { mailboxView } from '../../support/mailbox-view.ts';

describe('a rate', () => {
  test('is the growth over the last seconds', () => {
    const meter = createRateMeter(10_000);
    expect(meter.observe(0, 0)).toBeUndefined();
    expect(meter.observe(100, 1000)).toBe(100);
    for (let second = 2; second <= 30; second += 1) meter.observe(100, second * 1000);
    expect(meter.observe(100, 31_000)).toBe(0);
  });

  test('begins anew when the number falls', () => {
    const meter = createRateMeter();
    meter.observe(500, 0);
    expect(meter.observe(0, 1000)).toBeUndefined();
    expect(meter.observe(50, 2000)).toBe(50);
  });
});

describe('progress', () => {
  test('counts every final state as done, and tells rate and time left while it syncs', () => {
    const track = createProgressTracker();
    const at = (copied: number) =>
      mailboxView({
        messages: { listed: 100, copied, adopted: 1, skipped: 2, underOtherLabel: 0, failed: 3 },
        bytes: copied * 10,
      });
    track([at(0)], 0);
    const { mailboxes, total } = track([at(20)], 2000);
    expect(mailboxes[0]).toMatchObject({
      done: 26,
      listed: 100,
      messagesPerSecond: 10,
      bytesPerSecond: 100,
      secondsLeft: 7.4,
    });
    expect(total).toMatchObject({ done: 26, listed: 100, messagesPerSecond: 10 });
  });

  test('in plain lines shows each change of status once, with the time when a throttled mailbox resumes', () => {
    let now = 0;
    let written = '';
    const view = createLinesView(
      { write: (text) => (written += text) },
      { now: () => now, monotonic: () => now },
    );
    const track = createProgressTracker();
    const until = new Date();
    until.setHours(23, 59, 58, 0);
    view.show(track([mailboxView()], now));
    now += 100;
    view.show(track([mailboxView()], now));
    now += 100;
    view.show(track([mailboxView({ status: 'throttled', throttledUntil: until.getTime() })], now));
    expect(written.split('\n')).toEqual([
      'anna@new.example: Syncing · 45/100 messages · 1.0 MB',
      '1 mailbox: 1 Syncing · 45/100 messages · 1.0 MB',
      'anna@new.example: Throttled · resumes at 23:59:58',
      '',
    ]);
  });

  test('of many mailboxes is a line every few seconds, and one for each that needs somebody', () => {
    let written = '';
    const view = createLinesView(
      { write: (text) => (written += text) },
      { now: () => 0, monotonic: () => 0 },
    );
    const many = Array.from({ length: 500 }, (_, index) => mailboxView({ mailboxId: `${index}` }));
    const reason = { code: 'over-quota', summary: 'The mailbox is full.', remedy: '', detail: '' };
    view.show(
      createProgressTracker()(
        [...many, mailboxView({ mailboxId: 'x', status: 'needs-attention', reason })],
        0,
      ),
    );
    expect(written.split('\n')).toEqual([
      'anna@new.example: Needs attention · The mailbox is full.',
      '501 mailboxes: 500 Syncing, 1 Needs attention · 22,545/50,100 messages · 501 MB',
      '',
    ]);
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [12_345, '12 kB'],
  [999_600, '1.0 MB'],
  [1_400_000_000, '1.4 GB'],
  [5e15, '5000 TB'],
])('%i bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.04, '0.0 s'],
  [9.96, '10 s'],
  [59.6, '1 min 00 s'],
  [185, '3 min 05 s'],
  [7800, '2 h 10 min'],
  [273_600, '3 d 4 h'],
])('%f seconds read %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
