import { isDeepStrictEqual } from 'node:util';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Pacing, systemPacing } from '../aws-clients/pacing.ts';
import type { SecretPointerKey, SecretPointerRepository } from '../state/secret-pointer-repository.ts';
import {
  formatServiceSecret,
  type MailboxCredential,
  parseServiceSecret,
  type ServiceSecret,
} from './credential.ts';
import { CredentialsGoneError, CredentialTooBigError } from './errors.ts';
import { createPointedSecrets } from './pointed-secret.ts';
import { createMailboxSecrets } from './mailbox-secrets.ts';
import { parseShardName, pointerName } from './secret-name.ts';
import { createSecretStore } from './secret-store.ts';
import { createShardFiller, type MailboxEntry } from './shard-filler.ts';
import { SHARD_LIMITS } from './shard-limits.ts';

export type { ImapSecret, MailboxCredential, ServiceSecret } from './credential.ts';
export type { MailboxEntry } from './shard-filler.ts';

/**
 * Where passwords, tokens and keys live, and the only place: up to 200 mailboxes share a secret, for a secret each would
 * be dear. Shards are filled by their bytes; a credential that grows out of its shard moves, and is found all the same.
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
   * Replaces what is given of the credentials of one mailbox; a side that is not given stays. Writers at the same moment
   * do not lose one another's change. The old password is deleted at once. Nothing is written where all is the same.
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
  /**
   * Puts the refresh token that a sign-in service gave in place of the one that it was given for.
   * @returns false when that is not the one that is stored any more: somebody else has changed it
   * @throws CredentialTooBigError, VaultBusyError
   */
  rotateRefreshToken(
    tenant: string,
    shard: string,
    mailboxId: string,
    rotation: { readonly side: 'source' | 'destination'; readonly from: string; readonly to: string },
  ): Promise<boolean>;
  /** What opens a server for all mailboxes: the secret of an administrator's account or of an application. */
  putService(place: ServicePlace, secret: ServiceSecret): Promise<void>;
  getService(place: ServicePlace): Promise<ServiceSecret | undefined>;
  /** @param options.seal nothing can be put there any more. Idempotent. */
  destroyService(place: ServicePlace, options?: { readonly seal: boolean }): Promise<void>;
}

/** The server that a secret opens: the destination of a tenant, or the source of a connection. */
export type ServicePlace = Exclude<SecretPointerKey, { readonly kind: 'shard' }>;

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
  const pacing = options.pacing ?? systemPacing;
  const secrets = createPointedSecrets(createSecretStore(client, options), { prefix, pointers, pacing });
  const mailboxes = createMailboxSecrets(secrets, createShardFiller(secrets, pointers), {
    pointers,
    pacing,
  });

  return {
    async putMailboxes(tenant, migrationId, entries) {
      const homes = await mailboxes.put({ tenant, migrationId }, entries);
      return new Map([...homes].map(([mailboxId, key]) => [mailboxId, pointerName(prefix, key)]));
    },

    async getMailbox(tenant, shard, mailboxId) {
      const home = parseShardName(prefix, tenant, shard);
      return home === undefined ? undefined : mailboxes.get(home, mailboxId);
    },

    async replaceMailbox(tenant, shard, mailboxId, credential) {
      const home = parseShardName(prefix, tenant, shard);
      if (home === undefined) throw new CredentialsGoneError();
      await mailboxes.change(home, mailboxId, (stored) => {
        const next = { ...stored, ...credential };
        return isDeepStrictEqual(next, stored) ? undefined : next;
      });
    },

    async destroyMigration(tenant, migrationId) {
      for (const { key } of await pointers.listShards(tenant, migrationId)) {
        await secrets.destroy(key, { seal: true });
      }
    },

    async rotateRefreshToken(tenant, shard, mailboxId, { side, from, to }) {
      const home = parseShardName(prefix, tenant, shard);
      if (home === undefined) return false;
      try {
        return await mailboxes.change(home, mailboxId, (credential) => {
          const stored = credential?.[side];
          if (stored?.kind !== 'refresh-token' || stored.refreshToken !== from) return undefined;
          return { ...credential, [side]: { kind: 'refresh-token', refreshToken: to } };
        });
      } catch (error) {
        // closed meanwhile: nothing is to be kept
        if (error instanceof CredentialsGoneError) return false;
        throw error;
      }
    },

    async putService(place, secret) {
      const text = formatServiceSecret(secret);
      const bytes = Buffer.byteLength(text);
      if (bytes > SHARD_LIMITS.hardBytes) throw new CredentialTooBigError(undefined, bytes);
      const isNew = await pointers.create(place);
      await secrets.change(place, () => ({ text, mailboxes: [] }), { isNew });
    },

    async getService(place) {
      const text = await secrets.read(place);
      return text === undefined ? undefined : parseServiceSecret(text);
    },

    destroyService: (place, { seal } = { seal: false }) => secrets.destroy(place, { seal }),
  };
}
