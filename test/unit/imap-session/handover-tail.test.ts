import fc from 'fast-check';
import { HandoverTail } from '../../../shared/imap/session/handover-tail.ts';

/** Feeds the text cut at any places. */
function feedInPieces(tail: HandoverTail, text: string, cuts: readonly number[]): void {
  const bytes = Buffer.from(text, 'latin1');
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  let from = 0;
  for (const place of [...places, bytes.length]) {
    tail.feed(bytes.subarray(from, place));
    from = place;
  }
}

const cuts = fc.array(fc.nat(), { maxLength: 20 });
const words = fc.stringMatching(/^[ -z]{0,40}$/);
const untagged = words.map((text) => `* ${text}\r\n`);
const literal = fc
  .string({ unit: fc.constantFrom('a', ' ', '\r\n', '* X', 'A1 OK\r\n', '{3}\r\n'), maxLength: 10 })
  .map((name) => `* LIST () "/" {${name.length}}\r\n${name}\r\n`);
const answer = fc.oneof(untagged, literal, fc.constant('* OK ends like a literal {7}\r\n'));
const torn = fc.constantFrom(
  '* LIST () "/" {9}\r\nA9 OK\r\n',
  '',
  '*',
  '* O',
  '* OK [ALERT] half a li',
  '* BYE\r',
);

describe('what the successor of a taken-over connection must see', () => {
  test('is everything behind the last tagged answer, however the bytes were cut', () => {
    fc.assert(
      fc.property(fc.array(answer), fc.array(answer), torn, cuts, (answers, unasked, rest, places) => {
        const tail = new HandoverTail();
        tail.commandSent();
        const asked = `${answers.join('')}+ go on\r\nA1 OK done\r\n`;
        feedInPieces(tail, asked + unasked.join('') + rest, places);
        expect(tail.bytes.toString('latin1')).toBe(unasked.join('') + rest);
      }),
    );
  });

  test('is only the unfinished line while a command is in flight, so that a long answer is not kept', () => {
    fc.assert(
      fc.property(fc.array(answer), torn, cuts, (answers, rest, places) => {
        const tail = new HandoverTail();
        tail.commandSent();
        feedInPieces(tail, answers.join('') + rest, places);
        expect(tail.bytes.toString('latin1')).toBe(rest);
      }),
    );
  });

  test('a new command makes what came unasked before it the business of its sender', () => {
    const tail = new HandoverTail();
    tail.commandSent();
    tail.feed(Buffer.from('A1 OK\r\n* 3 EXISTS\r\n* OK to'));
    tail.commandSent();
    tail.feed(Buffer.from('rn\r\nA2 OK\r\n* 4 EXISTS\r\n'));
    expect(tail.bytes.toString()).toBe('* 4 EXISTS\r\n');
  });
});
