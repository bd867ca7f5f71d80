import fc from 'fast-check';
import { ImapResponseReader, type ImapResponse } from '../../support/imap-response-reader.ts';

function readAll(chunks: readonly Buffer[]): ImapResponse[] {
  const responses: ImapResponse[] = [];
  const reader = new ImapResponseReader(
    (response) => responses.push(response),
    () => undefined,
  );
  for (const chunk of chunks) reader.push(chunk);
  return responses;
}

describe("the tests' own reader of IMAP answers", () => {
  test('gives the same answers however the bytes are cut', () => {
    const stream = Buffer.from(
      '* 1 FETCH (UID 7 BODY[] {9}\r\n* 2 {3}\r\n FLAGS (\\Seen))\r\n* LIST () "/" {0}\r\n\r\nt1 OK {done}\r\n',
    );
    const whole = readAll([stream]);
    expect(whole).toEqual([
      { text: '* 1 FETCH (UID 7 BODY[] \0 FLAGS (\\Seen))', literals: [Buffer.from('* 2 {3}\r\n')] },
      { text: '* LIST () "/" \0', literals: [Buffer.alloc(0)] },
      { text: 't1 OK {done}', literals: [] },
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const chunks = edges.slice(1).map((edge, index) => stream.subarray(edges[index], edge));
        expect(readAll(chunks)).toEqual(whole);
      }),
    );
  });
});
