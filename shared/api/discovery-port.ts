import type { discoverServer } from '../imap/discovery/discover-server.ts';

/** Finds the server of a domain; a parameter, so that tests can bring a DNS of their own. */
export type Discover = typeof discoverServer;
