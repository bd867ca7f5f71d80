import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ImapConnection } from '../../shared/imap/wire/imap-connection.ts';
import type { WireLimits } from '../../shared/imap/wire/wire-limits.ts';
import { type MailboxAccess, TestImapError } from './imap-test-client.ts';

/** Signs in by hand and gives the socket to the product's connection, without the session that does it in the product. */
export async function openImapConnection(
  access: MailboxAccess,
  limits: Partial<WireLimits> = {},
): Promise<ImapConnection> {
  const { host, port, ca } = access;
  const socket = ca === undefined ? connectTcp(port, host) : connectTls({ host, port, ca });
  await once(socket, ca === undefined ? 'connect' : 'secureConnect');
  let text = '';
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const match = pattern.exec(text);
      if (match !== null) return match[1] ?? '';
      const [chunk] = await Promise.race([
        once(socket, 'data'),
        once(socket, 'close').then(() => Promise.reject(new TestImapError(`The server closed after: ${text}`))),
      ]);
      text += String(chunk);
    }
  };
  await until(/^\* OK/m);
  socket.write(`a LOGIN "${access.user}" "${access.password}"\r\n`);
  await until(/^a OK/m);
  text = '';
  socket.write('b CAPABILITY\r\n');
  await until(/^b OK.*\r\n/m);
  const capabilities = /^\* CAPABILITY (.*)\r$/m.exec(text)?.[1] ?? '';
  socket.pause();
  return new ImapConnection(socket, { capabilities: capabilities.split(' '), limits });
}
