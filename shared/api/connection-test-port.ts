import type { testConnection } from '../imap/connection-test/test-connection.ts';

/** Tries an account at a server; a parameter, so that tests need no server. */
export type ConnectionTest = typeof testConnection;
