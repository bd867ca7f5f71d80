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
  const socket =
    ca === undefined ? connectTcp({ host, port, noDelay: true }) : connectTls({ host, port, ca });
  await once(socket, ca === undefined ? 'connect' : 'secureConnect');
  let text = '';
  let wake: () => void = () => undefined;
  const hear = (chunk: Buffer): void => {
    text += chunk.toString('latin1');
    wake();
  };
  const lose = (): void => wake();
  socket.on('data', hear).on('close', lose);
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(text)) {
      if (socket.destroyed) throw new TestImapError(`The server closed after: ${text}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await until(/^\* OK[^\n]*\n/m);
  socket.write(`a LOGIN "${access.user}" "${access.password}"\r\n`);
  await until(/^a OK[^\n]*\n/m);
  socket.write('b CAPABILITY\r\n');
  await until(/^b OK[^\n]*\n/m);
  socket.pause();
  socket.off('data', hear).off('close', lose);
  const capabilities = [...text.matchAll(/^\* CAPABILITY (.*)\r$/gm)].at(-1)?.[1] ?? '';
  return new ImapConnection(socket, { capabilities: capabilities.split(' '), limits });
}
