import { z } from 'zod';
import { consentLinksSchema } from '../../shared/api/schemas/consent-schema.ts';
import { connectionSchema } from '../../shared/api/schemas/connection-schema.ts';
import { destinationSchema } from '../../shared/api/schemas/destination-schema.ts';
import { migrationItemSchema } from '../../shared/api/schemas/item-schema.ts';
import { folderPlanSchema } from '../../shared/api/schemas/folder-plan-schema.ts';
import { addedSchema, migrationSchema } from '../../shared/api/schemas/migration-schema.ts';
import type { SignInInput } from '../../shared/api/schemas/sign-in-schema.ts';
import { providerSchema } from '../../shared/api/schemas/provider-schema.ts';
import type { LabelPolicy } from '../../shared/migration/label-policy.ts';
import type { ItemFilter } from '../../shared/migration/retry-wish.ts';
import type { MailSelection } from '../../shared/migration/selection/mail-selection.ts';
import type { ApiClient } from './api-client.ts';
import { mailboxViewSchema, type MailboxView, skippedItemSchema, type SkippedItem } from './mailbox-view.ts';

export type ConsentLink = z.output<typeof consentLinksSchema>['links'][number];
export type Connection = z.output<typeof connectionSchema>;
export type FolderPlan = z.output<typeof folderPlanSchema>;
export type Migration = z.output<typeof migrationSchema>;
export type MigrationItem = z.output<typeof migrationItemSchema>;
export type Provider = z.output<typeof providerSchema>;
export type Endpoint = Connection['endpoint'];

/** An account to try a server with; the API does not store it. */
export interface TestAccount {
  readonly user: string;
  readonly password?: string | undefined;
  readonly refreshToken?: string | undefined;
}

export interface NewMailbox {
  readonly email: string;
  readonly sourceUser: string;
  readonly password?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly destinationPassword?: string | undefined;
  readonly destinationRefreshToken?: string | undefined;
  readonly userRoot?: string;
}

/** What a migration is made with. */
export interface MigrationBeginning {
  readonly mailboxes: readonly NewMailbox[];
  /** The mailboxes, at once. */
  readonly start: boolean;
  readonly selection?: MailSelection | undefined;
  readonly labels?: LabelPolicy | undefined;
}

/** What a mailbox has of its own. */
export type MailboxSecrets = Pick<
  NewMailbox,
  'password' | 'refreshToken' | 'destinationPassword' | 'destinationRefreshToken'
>;

/** The calls of the HTTP API that the command line makes. All throw ApiRequestError. */
export type MailhaulApi = ReturnType<typeof createMailhaulApi>;

export function createMailhaulApi({ request, list }: ApiClient) {
  const mailboxPath = (mailboxId: string) => `/v1/mailboxes/${mailboxId}`;
  const migrationPath = (migrationId: string) => `/v1/migrations/${migrationId}`;
  return {
    /** Adds users that are missing. */
    async importUsers(emails: readonly string[]): Promise<void> {
      const csv = ['EmailAddress', ...emails].join('\n');
      await request('POST', '/v1/users/import', { body: { csv }, answer: z.unknown() });
    },
    async putDestination(
      server: { readonly endpoint: Endpoint; readonly signIn: SignInInput; readonly provider?: string },
      test: TestAccount | undefined,
    ): Promise<void> {
      const body = { ...server, ...(test === undefined ? {} : { test }) };
      await request('PUT', '/v1/destination', { body, answer: destinationSchema });
    },
    connections: () => list('/v1/connections', connectionSchema),
    /** Providers that are known by name; their limits go with a connection. */
    async providers(): Promise<Provider[]> {
      return (await request('GET', '/v1/providers', { answer: z.object({ items: z.array(providerSchema) }) }))
        .items;
    },
    createConnection: (provider: string, endpoint: Endpoint, signIn: SignInInput, account: TestAccount) =>
      request('POST', '/v1/connections', {
        body: { provider, endpoint, signIn, account },
        answer: connectionSchema,
      }),
    /** Such as another secret of the same application. */
    putConnectionSignIn: (connectionId: string, signIn: SignInInput, account: TestAccount) =>
      request('PUT', `/v1/connections/${connectionId}/sign-in`, {
        body: { signIn, account },
        answer: connectionSchema,
      }),
    migrations: () => list('/v1/migrations', migrationSchema),
    async createMigration(connectionId: string, beginning: MigrationBeginning): Promise<Migration> {
      const answer = z.object({ migration: migrationSchema });
      const body = { connectionId, ...beginning };
      return (await request('POST', '/v1/migrations', { body, answer })).migration;
    },
    /** What is copied from the next pass on. */
    async select(migrationId: string, selection: MailSelection): Promise<void> {
      await request('PUT', `${migrationPath(migrationId)}/selection`, {
        body: selection,
        answer: migrationSchema,
      });
    },
    /** What becomes of labels from the next pass on. */
    async chooseLabels(migrationId: string, labels: LabelPolicy): Promise<void> {
      await request('PUT', `${migrationPath(migrationId)}/labels`, { body: labels, answer: migrationSchema });
    },
    /** Links for the mailboxes that wait for consent. */
    consentLinks: (migrationId: string, mailboxIds: readonly string[], validHours: number | undefined) =>
      request('POST', `${migrationPath(migrationId)}/consent-links`, {
        body: { mailboxIds, missingOnly: true, ...(validHours !== undefined && { validHours }) },
        answer: consentLinksSchema,
      }),
    folderPlan: (mailboxId: string): Promise<FolderPlan> =>
      request('GET', `${mailboxPath(mailboxId)}/folder-plan`, { answer: folderPlanSchema }),
    mailboxes: (migrationId: string): Promise<MailboxView[]> =>
      list(`${migrationPath(migrationId)}/mailboxes`, mailboxViewSchema),
    addMailboxes: (migrationId: string, mailboxes: readonly NewMailbox[], options: { start: boolean }) =>
      request('POST', `${migrationPath(migrationId)}/mailboxes`, {
        body: { mailboxes, start: options.start },
        answer: addedSchema,
      }),
    /** With what its workers have done since the last tally. */
    mailbox: (mailboxId: string): Promise<MailboxView> =>
      request('GET', mailboxPath(mailboxId), { answer: mailboxViewSchema }),
    putCredential: (mailboxId: string, credential: MailboxSecrets) =>
      request('PUT', `${mailboxPath(mailboxId)}/credential`, { body: credential, answer: mailboxViewSchema }),
    act: (mailboxId: string, action: 'start' | 'sync'): Promise<MailboxView> =>
      request('POST', `${mailboxPath(mailboxId)}/${action}`, { answer: mailboxViewSchema }),
    items: (mailboxId: string): Promise<SkippedItem[]> =>
      list(`${mailboxPath(mailboxId)}/items`, skippedItemSchema),
    migrationItems: (migrationId: string, filter: ItemFilter): Promise<MigrationItem[]> =>
      list(`${migrationPath(migrationId)}/items`, migrationItemSchema, { ...filter }),
    /** Has messages tried again that were not copied. */
    retry: (mailboxId: string, filter: ItemFilter): Promise<MailboxView> =>
      request('POST', `${mailboxPath(mailboxId)}/retry`, { body: filter, answer: mailboxViewSchema }),
  };
}
