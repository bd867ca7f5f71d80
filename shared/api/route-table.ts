import type { Route } from './route.ts';
import { getBudget, listBudgets, putBudget } from './routes/budgets.ts';
import {
  closeConnectionRoute,
  createConnection,
  getConnection,
  listConnections,
  putConnectionSignIn,
  testConnectionRoute,
} from './routes/connections.ts';
import { createConsentLinksRoute } from './routes/consent-links.ts';
import { openConsentRoute, receiveConsentRoute } from './routes/consent.ts';
import { getDestination, putDestination, testDestination } from './routes/destination.ts';
import { getMailboxFolderPlan } from './routes/folder-plan.ts';
import { discoverRoute } from './routes/discovery.ts';
import { healthRoute } from './routes/health.ts';
import {
  listMailboxItems,
  listMigrationItemsRoute,
  retryMailboxItems,
  retryMigrationItems,
} from './routes/items.ts';
import { putMailboxCredential, startMailbox, stopMailbox, syncMailbox } from './routes/mailbox-actions.ts';
import { getMailbox, listMailboxEvents, listMailboxFolders } from './routes/mailboxes.ts';
import { startMigration, stopMigration, syncMigration } from './routes/migration-actions.ts';
import {
  addMigrationMailboxes,
  importMigrationMailboxes,
  listMigrationMailboxes,
} from './routes/migration-mailboxes.ts';
import {
  createMigrationRoute,
  getMigration,
  listMigrations,
  putMigrationLabels,
  putMigrationSelection,
} from './routes/migrations.ts';
import { openApiRoute } from './routes/openapi.ts';
import { getProvider, listProviders } from './routes/providers.ts';
import { createUser, deleteUser, getUser, importUsersRoute, listUsers } from './routes/users.ts';

/** Every route of the API: dispatch, OpenAPI document and the tests of isolation all read this one table. */
export const ROUTES: readonly Route[] = [
  healthRoute,
  openApiRoute(() => ROUTES),
  listProviders,
  getProvider,
  listBudgets,
  getBudget,
  putBudget,
  discoverRoute,
  getDestination,
  putDestination,
  testDestination,
  listUsers,
  createUser,
  importUsersRoute,
  getUser,
  deleteUser,
  listConnections,
  createConnection,
  getConnection,
  testConnectionRoute,
  putConnectionSignIn,
  closeConnectionRoute,
  listMigrations,
  createMigrationRoute,
  getMigration,
  putMigrationSelection,
  putMigrationLabels,
  startMigration,
  stopMigration,
  syncMigration,
  listMigrationItemsRoute,
  retryMigrationItems,
  listMigrationMailboxes,
  addMigrationMailboxes,
  importMigrationMailboxes,
  createConsentLinksRoute,
  openConsentRoute,
  receiveConsentRoute,
  getMailbox,
  listMailboxFolders,
  getMailboxFolderPlan,
  listMailboxItems,
  retryMailboxItems,
  listMailboxEvents,
  startMailbox,
  stopMailbox,
  syncMailbox,
  putMailboxCredential,
];
