import fc from 'fast-check';
import { AppendWindow } from '../../../shared/imap/transfer/append-window.ts';
import { openAppender } from '../../../shared/imap/transfer/appender.ts';
import { connectPeer, patience, type ScriptedPeer, tagOf } from '../../support/scripted-peer.ts';

/** A message that holds this is refused, and all that share its command with it. */
const REFUSED = 'never';

interface Stored {
  readonly flags: string;
  readonly text: string;
}

/**
 * Takes APPENDs as a server does, byte by byte, each command whole or not at all. Answers come in order, `lag` commands
 * late unless nothing more comes.
 */
async function takeAppends(peer: ScriptedPeer, stored: Stored[], lag: number): Promise<void> {
  const held: string[] = [];
  let quiet: NodeJS.Immediate | undefined;
  const release = (keep: number): void => {
    clearImmediate(quiet);
    while (held.length > keep) peer.send(held.shift() ?? '');
    if (held.length > 0) quiet = setImmediate(() => release(0));
  };
  for (;;) {
    const first = await peer.line();
    const messages: Stored[] = [];
    for (let line = first.slice(tagOf(first).length); line !== ''; line = await peer.line()) {
      const match = /^(?: APPEND "Box")? \((.*?)\) \{(\d+)(\+?)\}$/.exec(line);
      if (match === null) throw new SyntaxError(`Not an APPEND: ${line}`);
      const [, flags = '', size = '', plus] = match;
      if (plus === '') {
        release(0);
        peer.send('+ go\r\n');
      }
      messages.push({ flags, text: (await peer.bytes(Number(size))).toString('latin1') });
    }
    const cancelled = messages.some(({ text }) => text === '' || text.includes(REFUSED));
    const from = stored.length + 1;
    if (!cancelled) stored.push(...messages);
    held.push(`${tagOf(first)} ${cancelled ? 'NO' : `OK [APPENDUID 7 ${from}:${stored.length}]`} done\r\n`);
    release(lag);
  }
}

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), 'latin1');
}

/** Bodies that look like IMAP, and large ones. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', '\r\n', '{3}', ' () {3+}\r\n', '\0', '\xff', ')', '* BYE', 'Mh1 OK'),
  }),
  fc.integer({ min: 4000, max: 9000 }).map((length) => 'x'.repeat(length)),
  fc.constant(1_100_000).map((length) => 'x'.repeat(length)),
  fc.constant(REFUSED),
);

test('messages of any size and flags arrive byte for byte in every mode, each under the UID that it was told', async () => {
  const sent = fc.record({
    text,
    flags: fc.subarray(['\\Seen', '\\Draft', 'work', '$Forwarded']),
    piece: fc.integer({ min: 1, max: 5000 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(sent, { minLength: 1, maxLength: 40 }),
      fc.constantFrom<string[]>(['LITERAL+', 'MULTIAPPEND'], ['LITERAL+'], ['LITERAL-'], ['NONE']),
      fc.constantFrom(
        () => ({}),
        () => ({ window: new AppendWindow(5, 1_000_000) }),
        () => ({ window: new AppendWindow(1000, 30_000) }),
        () => ({ batchMessages: 3 }),
      ),
      fc.nat(3),
      async (messages, capabilities, options, lag) => {
        const { connection, peer } = connectPeer({ capabilities });
        const appender = openAppender(connection, 'Box', { wait: patience(), ...options() });
        const stored: Stored[] = [];
        const gone = takeAppends(peer, stored, lag).catch((error: unknown) => error);
        const outcomes = [];
        const seen: string[] = [];
        for (const { text: body, flags, piece } of messages) {
          let passed = '';
          const observe = (chunk: Uint8Array): void => {
            passed += Buffer.from(chunk).toString('latin1');
          };
          const size = body.length;
          const request = {
            flags,
            internalDate: '',
            size,
            body: inPieces(body, Math.max(piece, size / 50)),
            observe,
          };
          outcomes.push((await appender.append(request)).outcome);
          seen.push(passed);
        }
        await appender.flush();
        const settled = await Promise.all(outcomes);
        connection.destroy();
        expect(await gone).toMatchObject({ name: 'PeerGoneError' });

        expect(seen).toEqual(messages.map((message) => message.text));
        const told = new Set<number>();
        const wrong = settled.filter((outcome, index) => {
          const message = messages[index];
          if (outcome.kind === 'undecided') return !capabilities.includes('MULTIAPPEND');
          if (outcome.kind === 'refused')
            return message?.text !== '' && message?.text.includes(REFUSED) !== true;
          const { uid = 0 } = outcome;
          told.add(uid);
          const at = stored[uid - 1];
          return at?.text !== message?.text || at?.flags !== message?.flags.join(' ');
        });
        expect(wrong).toEqual([]);
        expect(told.size).toBe(stored.length);
      },
    ),
    // The seed is told; looking for a smaller case would use up the time, and hide the case.
    { numRuns: 60, endOnFailure: true },
  );
}, 60_000);
