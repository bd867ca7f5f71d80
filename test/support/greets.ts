import { connect } from 'node:net';

/** Whether an IMAP server greets on a port of 127.0.0.1. */
export function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('data', (data) => {
      resolve(data.toString('latin1').startsWith('* OK'));
      socket.destroy();
    });
  });
}
