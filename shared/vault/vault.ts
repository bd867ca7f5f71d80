import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Pacing, systemPacing } from '../aws-clients/pacing.ts';
import type { SecretPointerKey, SecretPointerRepository } from '../state/secret-pointer-repository.ts';
import {
  formatDestination,
  formatShard,
  type ImapSecret,
  type MailboxCredential,
  parseDestination,
  parseShard,
} from './credential.ts';
import { CredentialsGoneError, CredentialTooBigError } from './errors.ts';
import { createPointedSecrets } from './pointed-secret.ts';
import { parseShardName } from './secret-name.ts';
import { createSecretStore } from './secret-store.ts';
import { createShardFiller, type MailboxEntry, SHARD_LIMITS } from './shard-filler.ts';

export type { ImapSecret, MailboxCredential } from './credential.ts';
export type { MailboxEntry } from './shard-filler.ts';

/**
 * Where passwords live, and the only place: about 200 mailboxes share a secret, for a secret each would be dear.
 * Nothing is cached here. All methods throw VaultUnavailableError, VaultRefusedError, or an error of the state table;
 * no error holds anything of a secret.
 */
export interface Vault {
  /**
   * Stores credentials; one of a mailbox that has some already replaces them, so it can be repeated after a failure.
   * @returns the shard of each mailbox, to be kept in its record
   * @throws CredentialTooBigError, CredentialsGoneError
   */
  putMailboxes(
    tenant: string,
    migrationId: string,
    entries: readonly MailboxEntry[],
  ): Promise<Map<string, string>>;
  /** @returns undefined when there are none, when they were destroyed, or for a shard of another tenant */
  getMailbox(tenant: string, shard: string, mailboxId: string): Promise<MailboxCredential | undefined>;
  /**
   * Replaces the credentials of one mailbox; writers at the same moment do not lose one another's change. The old
   * password is deleted at once.
   * @throws CredentialsGoneError when the shard was destroyed; CredentialTooBigError; VaultBusyError
   */
  replaceMailbox(
    tenant: string,
    shard: string,
    mailboxId: string,
    credential: MailboxCredential,
  ): Promise<void>;
  /** Destroys all credentials of a migration, at once and for good. Repeating it after a failure completes it. */
  destroyMigration(tenant: string, migrationId: string): Promise<void>;
  /** The secret of the administrator's account at the destination. */
  putDestination(tenant: string, secret: ImapSecret): Promise<void>;
  getDestination(tenant: string): Promise<ImapSecret | undefined>;
  destroyDestination(tenant: string): Promise<void>;
}

export function createVault(
  client: SecretsManagerClient,
  options: {
    /** Of the names of all secrets. */
    readonly prefix: string;
    /** What new secrets are encrypted with; the account's own key for secrets unless given. */
    readonly encryptionKey?: string | undefined;
    readonly state: { readonly secretPointers: SecretPointerRepository };
    readonly pacing?: Pacing;
  },
): Vault {
  const { prefix, state } = options;
  const pointers = state.secretPointers;
  const secrets = createPointedSecrets(createSecretStore(client, options), {
    prefix,
    pointers,
    pacing: options.pacing ?? systemPacing,
  });
  const filler = createShardFiller(secrets, pointers, prefix);

  return {
    putMailboxes: (tenant, migrationId, entries) => filler.put(tenant, migrationId, entries),

    async getMailbox(tenant, shard, mailboxId) {
      const key = parseShardName(prefix, tenant, shard);
      const text = key === undefined ? undefined : await secrets.read(key);
      return text === undefined ? undefined : parseShard(text).get(mailboxId);
    },

    async replaceMailbox(tenant, shard, mailboxId, credential) {
      const key = parseShardName(prefix, tenant, shard);
      if (key === undefined) throw new CredentialsGoneError();
      await secrets.change(key, (text) => {
        const content = text === undefined ? new Map<string, MailboxCredential>() : parseShard(text);
        content.set(mailboxId, credential);
        const next = formatShard(content);
        const bytes = Buffer.byteLength(next);
        if (bytes > SHARD_LIMITS.hardBytes) throw new CredentialTooBigError(mailboxId, bytes);
        return { text: next, mailboxes: [...content.keys()] };
      });
    },

    async destroyMigration(tenant, migrationId) {
      for (const { key } of await pointers.listShards(tenant, migrationId)) {
        await secrets.destroy(key, { seal: true });
      }
    },

    async putDestination(tenant, secret) {
      const key = destinationOf(tenant);
      const text = formatDestination(secret);
      const bytes = Buffer.byteLength(text);
      if (bytes > SHARD_LIMITS.hardBytes) throw new CredentialTooBigError(undefined, bytes);
      await pointers.create(key);
      await secrets.change(key, () => ({ text, mailboxes: [] }));
    },

    async getDestination(tenant) {
      const text = await secrets.read(destinationOf(tenant));
      return text === undefined ? undefined : parseDestination(text);
    },

    destroyDestination: (tenant) => secrets.destroy(destinationOf(tenant), { seal: false }),
  };
}

function destinationOf(tenant: string): SecretPointerKey {
  return { tenant, kind: 'destination' };
}
