import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { ulid } from 'ulid';
import type { AwsClients } from '../../shared/aws-clients/create-clients.ts';
import type { MailboxCredential, MailboxEntry } from '../../shared/vault/vault.ts';

/** A password for the source and, where given, one for the destination. */
export function credential(password: string, destination?: string): MailboxCredential {
  return {
    source: { kind: 'password', password },
    ...(destination === undefined ? {} : { destination: { kind: 'password', password: destination } }),
  };
}

/** Credentials of so many new mailboxes. */
export function vaultEntries(
  count: number,
  passwordOf = (index: number) => `password-${index}`,
): MailboxEntry[] {
  return Array.from({ length: count }, (_unused, index) => ({
    mailboxId: ulid(),
    credential: credential(passwordOf(index)),
  }));
}

/** The names of all secrets that begin so. */
export async function secretNames(clients: AwsClients, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await clients.secrets.send(new ListSecretsCommand({ MaxResults: 100, NextToken: token }));
    names.push(...(page.SecretList ?? []).map(({ Name }) => Name ?? ''));
    token = page.NextToken;
  } while (token !== undefined);
  return names.filter((name) => name.startsWith(prefix));
}
