import type { MailboxAccess } from './imap-test-client.ts';

/** A private mail server on 127.0.0.1; stop it in `afterAll`, or use it by `withResource`. */
export interface MailServer extends AsyncDisposable {
  readonly host: '127.0.0.1';
  /** Plain IMAP, with STARTTLS unless it is switched off. */
  readonly port: number;
  /** IMAP over TLS. */
  readonly tlsPort: number;
  /** PEM file of the authority that signed the server's certificate (for `--ca`). */
  readonly caFile: string;
  /** The same as text. */
  readonly ca: string;
  readonly logFile: string;
  /** How the tests' own client reaches a user's mailbox. */
  access(user: string): MailboxAccess;
  /** Adds a user, or gives a known one another password. */
  addUser(user: string, password: string): Promise<void>;
  /** Ends the server and all of its processes and removes its mail. Harmless when called again. */
  stop(): Promise<void>;
}
