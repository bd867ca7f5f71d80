import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { SessionStream } from '../../../shared/imap/session/session-stream.ts';

/** A connection of which the test is the other end. */
function pair(): { socket: Duplex; serverSends: (bytes: Buffer) => void; written: string[] } {
  const written: string[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, callback) {
      written.push(chunk.toString('latin1'));
      callback();
    },
  });
  return { socket, serverSends: (bytes) => void socket.push(bytes), written };
}

async function readAll(stream: Duplex): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.resume();
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  return Buffer.concat(chunks).toString('latin1');
}

describe('a socket taken away from imapflow', () => {
  test('gives its new owner every byte behind the last tagged answer once, wherever the handover falls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[ -~]{0,30}$/), { maxLength: 8 }),
        fc.nat(),
        async (lines, cut) => {
          const unasked = lines.map((line) => `* ${line}\r\n`).join('');
          const bytes = Buffer.from(`A1 OK done\r\n${unasked}`, 'latin1');
          // At least the answer has come: takeOver is not allowed before.
          const at = 12 + (cut % (bytes.length - 11));
          const { socket, serverSends } = pair();
          const stream = new SessionStream(socket, '* OK ready\r\n');
          stream.resume();
          stream.write('A1 NOOP\r\n');
          serverSends(bytes.subarray(0, at));
          await nextTurn();
          const taken = stream.detach();
          stream.destroy();
          serverSends(bytes.subarray(at));
          expect(await readAll(taken)).toBe(unasked);
          expect(taken.destroyed).toBe(false);
          taken.destroy();
        },
      ),
      { numRuns: 50 },
    );
  });

  test('nothing that imapflow writes afterwards reaches the server', async () => {
    const { socket, written } = pair();
    const stream = new SessionStream(socket, '* OK ready\r\n');
    stream.on('error', () => undefined);
    stream.detach();
    stream.write('A9 LOGOUT\r\n');
    stream.end();
    await nextTurn();
    expect(written).toEqual([]);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  test('a connection that is gone cannot be taken over', () => {
    const { socket } = pair();
    const stream = new SessionStream(socket, '* OK ready\r\n');
    socket.destroy();
    expect(() => stream.detach()).toThrow(expect.objectContaining({ name: 'ConnectionClosedError' }));
  });

  test('a server that never stops talking unasked is cut off', async () => {
    const { socket, serverSends } = pair();
    const stream = new SessionStream(socket, '* OK ready\r\n');
    stream.on('error', () => undefined);
    stream.resume();
    for (let sent = 0; sent < 40; sent += 1) serverSends(Buffer.from(`* OK ${'x'.repeat(10_000)}\r\n`));
    await nextTurn();
    await nextTurn();
    expect(stream.failure).toMatchObject({ name: 'ProtocolError' });
    expect(socket.destroyed).toBe(true);
  });
});
