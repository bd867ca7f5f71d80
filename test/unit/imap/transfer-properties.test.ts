import fc from 'fast-check';
import { AppendWindow } from '../../../shared/imap/transfer/append-window.ts';
import { openAppender } from '../../../shared/imap/transfer/appender.ts';
import { fetchMessages } from '../../../shared/imap/transfer/fetch-messages.ts';
import { parseUidSet } from '../../../shared/migration/uid-set.ts';
import { connectPeer, patience, type ScriptedPeer, tagOf } from '../../support/scripted-peer.ts';

const literal = (text: string): string => `{${text.length}}\r\n${text}`;

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), 'latin1');
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of body) parts.push(chunk);
  return Buffer.concat(parts).toString('latin1');
}

/** Bodies that look like IMAP. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '\r\n', '{3}', '{3+}', '\0', '\xff', ')', '* BYE', 'Mh1 OK', '"') }),
  fc.integer({ min: 4000, max: 9000 }).map((length) => 'x'.repeat(length)),
);

describe('any messages', () => {
  interface Sent {
    text: string;
    piece: number;
    /** What the server does with it. */
    fate: 'take' | 'refuse' | 'refuse-unread';
    /** Answers are given after so many more commands. */
    lag: number;
  }

  /** Takes APPENDs as a server does, byte by byte; returns the bodies that it kept. */
  async function takeAppends(peer: ScriptedPeer, messages: readonly Sent[]): Promise<string[]> {
    const kept: string[] = [];
    let held: Array<{ after: number; answer: string }> = [];
    for (const [index, { fate, lag }] of messages.entries()) {
      const line = await peer.line();
      const [, size = '', plus] = /^\S+ APPEND "Box" \(\) \{(\d+)(\+?)\}$/.exec(line) ?? [];
      held.push({
        after: index + lag,
        answer: `${tagOf(line)} ${fate === 'take' ? 'OK' : 'NO'} ${index}\r\n`,
      });
      const unread = plus === '' && fate === 'refuse-unread';
      const release = (all: boolean): void => {
        for (const { after, answer } of held) if (all || after <= index) peer.send(answer);
        held = held.filter(({ after }) => !all && after > index);
      };
      if (unread) {
        release(true); // a server answers the commands before it first
        continue;
      }
      if (plus === '') {
        const own = held.pop();
        release(true);
        if (own !== undefined) held.push(own);
        peer.send('+ go\r\n');
      }
      const body = (await peer.bytes(Number(size))).toString('latin1');
      if (fate === 'take') kept.push(body);
      if ((await peer.line()) !== '') throw new Error('The literal is not followed by a line end');
      release(index === messages.length - 1);
    }
    return kept;
  }

  test('are appended byte for byte and each knows its own fate, in every mode and window', async () => {
    const sent: fc.Arbitrary<Sent> = fc.record({
      text,
      piece: fc.integer({ min: 1, max: 5000 }),
      fate: fc.constantFrom('take', 'take', 'refuse', 'refuse-unread'),
      lag: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(sent, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('LITERAL+', 'LITERAL-', 'NONE'),
        fc.constantFrom(
          () => ({}),
          () => ({ window: new AppendWindow(5, 1_000_000) }),
          () => ({ window: new AppendWindow(1000, 1_000_000) }),
        ),
        async (messages, capability, window) => {
          const { connection, peer } = connectPeer({ capabilities: [capability] });
          const appender = openAppender(connection, 'Box', { wait: patience(), ...window() });
          const taking = takeAppends(peer, messages);
          const outcomes = [];
          for (const { text: body, piece } of messages) {
            const request = { flags: [], internalDate: '', size: body.length, body: inPieces(body, piece) };
            outcomes.push((await appender.append(request)).outcome);
          }
          await appender.flush();

          const kept = await taking;
          const fates = (await Promise.all(outcomes)).map(({ kind }) => kind);
          connection.destroy();

          expect(kept).toEqual(messages.filter(({ fate }) => fate === 'take').map((message) => message.text));
          expect(fates).toEqual(messages.map(({ fate }) => (fate === 'take' ? 'appended' : 'refused')));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are fetched once each with their own bytes, in whatever form the server tells them', async () => {
    const stored = fc.record({
      text,
      /** How the answer to a request for attributes and body is put together. */
      form: fc.constantFrom('usual', 'uid last', 'body first', 'two responses', 'twice', 'no body', 'gone'),
      noise: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(stored, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3000 }),
        async (messages, messagesPerCommand, piece) => {
          const { connection, peer } = connectPeer();
          const uids = messages.map((_, index) => index + 1);
          const attributes = (uid: number): string =>
            `FLAGS (f${uid}) INTERNALDATE " 1-Jan-2001 00:00:${10 + uid} +0000"`;
          const rows = (uid: number, wanted: string): string => {
            const message = messages[uid - 1];
            if (message === undefined || message.form === 'gone') return '';
            if (!wanted.includes('BODY')) return `* 1 FETCH (UID ${uid} ${attributes(uid)})\r\n`;
            const about = wanted.includes('FLAGS') ? ` ${attributes(uid)}` : '';
            const body = `BODY[] ${literal(message.text)}`;
            const usual = `* 1 FETCH (UID ${uid}${about} ${body})\r\n`;
            switch (message.form) {
              case 'usual':
                return usual;
              case 'twice':
                return usual + usual;
              case 'uid last':
                return `* 1 FETCH (${about.trim()} ${body} UID ${uid})\r\n`.replace('( ', '(');
              case 'body first':
                return `* 1 FETCH (${body} UID ${uid}${about})\r\n`;
              case 'two responses':
                return `* 1 FETCH (UID ${uid}${about})\r\n* 1 FETCH (UID ${uid} ${body})\r\n`;
              case 'no body':
                return `* 1 FETCH (UID ${uid}${about} BODY[] NIL)\r\n`;
            }
          };
          const serving = (async () => {
            for (;;) {
              const line = await peer.line();
              const [, set = '', wanted = ''] = /UID FETCH (\S+) (.*)$/.exec(line) ?? [];
              const asked = new Set(parseUidSet(set));
              let answer = '';
              for (const uid of uids.filter((each) => asked.has(each))) {
                if (messages[uid - 1]?.noise === true)
                  answer += '* 3 EXISTS\r\n* 9 FETCH (FLAGS (noise))\r\n';
                answer += rows(uid, wanted);
              }
              const bytes = Buffer.from(`${answer}${tagOf(line)} OK\r\n`, 'latin1');
              for (let at = 0; at < bytes.length; at += piece) peer.send(bytes.subarray(at, at + piece));
            }
          })();
          serving.catch(() => undefined);

          const got = new Map<number, { flags: readonly string[]; text: string; size: number }>();
          const undelivered: number[] = [];
          const options = {
            messagesPerCommand,
            onUndelivered: ({ uid }: { uid: number }) => void undelivered.push(uid),
          };
          let count = 0;
          for await (const { uid, flags, size, body } of fetchMessages(
            connection,
            uids,
            patience(),
            options,
          )) {
            count += 1;
            got.set(uid, { flags, size, text: await textOf(body) });
          }
          connection.destroy();

          const expected = uids.filter(
            (uid) => !['gone', 'no body'].includes(messages[uid - 1]?.form ?? 'gone'),
          );
          expect(count).toBe(expected.length);
          expect([...got.keys()].toSorted((a, b) => a - b)).toEqual(expected);
          for (const [uid, { flags, size, text: body }] of got) {
            expect(body).toBe(messages[uid - 1]?.text);
            expect(size).toBe(body.length);
            expect(flags).toEqual([`f${uid}`]);
          }
          expect(undelivered.toSorted((a, b) => a - b)).toEqual(
            uids.filter((uid) => messages[uid - 1]?.form === 'no body'),
          );
        },
      ),
      { numRuns: 80 },
    );
  });
});
