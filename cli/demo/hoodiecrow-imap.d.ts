/** What the demo uses of hoodiecrow-imap, which brings no types. Message sources are binary strings. */
declare module 'hoodiecrow-imap' {
  import type { EventEmitter } from 'node:events';
  import type { Server, Socket } from 'node:net';

  namespace hoodiecrow {
    interface StoredMessage {
      raw: string;
      flags: string[];
      internaldate: string;
      uid?: number;
    }
    interface StoredFolder {
      path?: string;
      separator?: string;
      flags?: string[];
      'special-use'?: string;
      messages?: StoredMessage[];
      folders?: Record<string, StoredFolder>;
      uidvalidity?: number;
    }
    interface Connection {
      server: ImapServer;
      state: 'Not Authenticated' | 'Authenticated' | 'Selected' | 'Logout';
      socket: Socket | null;
      send(response: { tag: string; command: string; attributes: unknown[] }): void;
    }
    interface ParsedCommand {
      tag: string;
      command: string;
      attributes?: { type: string; value: string }[];
    }
    type CommandHandler = (
      connection: Connection,
      parsed: ParsedCommand,
      data: string,
      callback: () => void,
    ) => void;
    interface ImapServer extends EventEmitter {
      readonly server: Server;
      readonly folderCache: Record<string, StoredFolder & { path: string; messages: StoredMessage[] }>;
      connectionHandlers: ((connection: Connection) => void)[];
      users: Record<string, { password: string }>;
      getCommandHandler(command: string): CommandHandler | false;
      setCommandHandler(command: string, handler: CommandHandler): void;
      appendMessage(mailbox: string, flags: string[], internaldate: string, raw: string): unknown;
      listen(port: number, host: string, listening: () => void): void;
      close(closed: () => void): void;
    }
    interface Options {
      plugins?: (string | ((server: ImapServer) => void))[];
      users?: Record<string, { password: string }>;
      storage?: Record<string, StoredFolder>;
    }
  }

  function hoodiecrow(options?: hoodiecrow.Options): hoodiecrow.ImapServer;
  export = hoodiecrow;
}
