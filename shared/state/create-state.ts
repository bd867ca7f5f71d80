import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Pacing, systemPacing } from '../aws-clients/pacing.ts';
import type { Clock } from '../migration/clock.ts';
import { type BudgetRepository, createBudgetRepository } from './budget-repository.ts';
import { type ConnectionRepository, createConnectionRepository } from './connection-repository.ts';
import { type ConsentRepository, createConsentRepository } from './consent-repository.ts';
import { createDestinationRepository, type DestinationRepository } from './destination-repository.ts';
import { createEventRepository, type EventRepository } from './event-repository.ts';
import { createFolderRepository, type FolderRepository } from './folder-repository.ts';
import { createIdempotencyRepository, type IdempotencyRepository } from './idempotency-repository.ts';
import { createItemRepository, type ItemRepository } from './item-repository.ts';
import { createLaneRepository, type LaneRepository } from './lane-repository.ts';
import { createMailboxRepository, type MailboxRepository } from './mailbox-repository.ts';
import { createMigrationRepository, type MigrationRepository } from './migration-repository.ts';
import { createPageRepository, type PageRepository } from './page-repository.ts';
import { createRetryRepository, type RetryRepository } from './retry-repository.ts';
import { createSecretPointerRepository, type SecretPointerRepository } from './secret-pointer-repository.ts';
import { StateTable } from './state-table.ts';
import { createUserRepository, type UserRepository } from './user-repository.ts';
import { createHostRepository, type HostRepository } from './host-repository.ts';
import { createVolumeRepository, type VolumeRepository } from './volume-repository.ts';
import { createWorkRepository, type WorkRepository } from './work-repository.ts';

/**
 * All that is stored in the table, one repository for each entity. Each takes the tenant of its caller and builds
 * every key from it. All throw StateUnavailableError when the table is out of reach, and RecordCorruptError for an
 * item that cannot be read.
 */
export interface State {
  readonly mailboxes: MailboxRepository;
  readonly folders: FolderRepository;
  readonly pages: PageRepository;
  readonly lanes: LaneRepository;
  readonly work: WorkRepository;
  readonly items: ItemRepository;
  readonly retries: RetryRepository;
  readonly events: EventRepository;
  readonly users: UserRepository;
  readonly destinations: DestinationRepository;
  readonly connections: ConnectionRepository;
  readonly budgets: BudgetRepository;
  readonly migrations: MigrationRepository;
  readonly consents: ConsentRepository;
  readonly idempotency: IdempotencyRepository;
  readonly volumes: VolumeRepository;
  readonly hosts: HostRepository;
  /** For the vault alone. */
  readonly secretPointers: SecretPointerRepository;
}

/**
 * @param client must leave out undefined attributes (`removeUndefinedValues`), as that of createClients does
 * @param options.ids a new ULID each time
 */
export function createState(
  client: DynamoDBDocumentClient,
  options: {
    readonly table: string;
    readonly clock: Clock;
    readonly ids: () => string;
    readonly pacing?: Pacing;
  },
): State {
  const { clock, ids } = options;
  const table = new StateTable(client, options.table, options.pacing ?? systemPacing);
  return {
    mailboxes: createMailboxRepository(table, ids),
    folders: createFolderRepository(table, ids),
    pages: createPageRepository(table, ids),
    lanes: createLaneRepository(table, ids),
    work: createWorkRepository(table, ids),
    items: createItemRepository(table),
    retries: createRetryRepository(table, { clock, ids }),
    events: createEventRepository(table, { clock, ids }),
    users: createUserRepository(table),
    destinations: createDestinationRepository(table, ids),
    connections: createConnectionRepository(table, ids),
    budgets: createBudgetRepository(table, ids),
    migrations: createMigrationRepository(table, ids),
    consents: createConsentRepository(table),
    idempotency: createIdempotencyRepository(table, { clock, ids }),
    volumes: createVolumeRepository(table, { clock }),
    hosts: createHostRepository(table),
    secretPointers: createSecretPointerRepository(table, ids),
  };
}
