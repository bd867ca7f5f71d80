import { HandoverTail } from '../../../shared/imap/session/handover-tail.ts';
import { ServerLines } from '../../../shared/imap/session/server-lines.ts';

function observed(...pieces: string[]): ServerLines {
  const lines = new ServerLines();
  lines.commandSent(Buffer.from('A1 LIST "" "*"\r\n'));
  const tail = new HandoverTail((line) => lines.observe(line));
  for (const piece of pieces) tail.feed(Buffer.from(piece));
  return lines;
}

describe('of what a server says', () => {
  test('the farewell is remembered with its words, however it was cut', () => {
    expect(observed('* BYE [UNAVAILABLE] go', 'ing down\r\n').bye).toBe('* BYE [UNAVAILABLE] going down');
    expect(observed('* BYE [UNAVAILABLE] go').bye).toBeUndefined();
  });

  test('lines of a listing count once the command has succeeded', () => {
    expect(observed('* LIST () "/" a\r\n* list () "/" b\r\n').listed).toBe(0);
    expect(observed('* LIST () "/" a\r\n* list () "/" {1}\r\nb\r\nA1 OK\r\n').listed).toBe(2);
  });

  test('lines before a refusal do not count, because the question is asked again', () => {
    const refused = '* LIST () "/" a\r\nA1 BAD no\r\n';
    expect(observed(refused, '* LIST () "/" a\r\nA2 OK\r\n').listed).toBe(1);
  });

  test('lines of a listing that answer another question do not count', () => {
    const lines = observed();
    lines.commandSent(Buffer.from('A2 LSUB "" "*"\r\n'));
    lines.observe(Buffer.from('* LIST () "/" a\r\n'));
    lines.observe(Buffer.from('A2 OK\r\n'));
    expect(lines.listed).toBe(0);
  });

  test('subscriptions and counters are no listing', () => {
    expect(observed('* LSUB () "/" a\r\n* STATUS a (MESSAGES 1)\r\nA1 OK\r\n').listed).toBe(0);
  });

  test('names in 8 bits are given by what UTF-8 makes of them, in their order, and others are not kept', () => {
    const lines = new ServerLines();
    lines.commandSent(Buffer.from('A1 LIST "" "*"\r\n'));
    for (const name of ['"Gel\xf6scht"', 'Gel\xe4scht', 'plain', '"a\\"\xff"']) {
      lines.observe(Buffer.from(`* LIST (\\HasNoChildren) "/" ${name}\r\n`, 'latin1'));
    }
    const taken = ['Gel\uFFFDscht', 'Gel\uFFFDscht', 'Gel\uFFFDscht', 'plain', 'a"\uFFFD'].map((name) =>
      lines.takeListedName(name),
    );
    expect(taken).toEqual(['Gel\xf6scht', 'Gel\xe4scht', undefined, undefined, 'a"\xff']);
  });
});
