import type { testConnection } from '../imap/session/connection-test.ts';

/** Tries an account at a server; a parameter, so that tests need no server. */
export type ConnectionTest = typeof testConnection;
