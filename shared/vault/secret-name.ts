import type { SecretPointerKey } from '../state/secret-pointer-repository.ts';

/** What Secrets Manager allows in a name, less '/', which separates, and '=', which escapes here. */
const PLAIN = /^[A-Za-z0-9_+.@-]$/;

/** A text as one part of a secret's name; different texts stay different. */
function part(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return PLAIN.test(character) ? character : `=${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

/** Names a pointer, and begins the names of its secrets: `<prefix><tenant>/<migrationId>/<n>`. */
export function pointerName(prefix: string, key: SecretPointerKey): string {
  return `${prefix}${part(key.tenant)}/${nameWithinTenant(key)}`;
}

function nameWithinTenant(key: SecretPointerKey): string {
  switch (key.kind) {
    case 'destination':
      return 'destination';
    case 'connection':
      return `connection/${part(key.connectionId)}`;
    case 'shard':
      return `${part(key.migrationId)}/${key.number}`;
  }
}

/** The name of one secret. Never used again for another: Secrets Manager deletes at its leisure. */
export function secretName(prefix: string, key: SecretPointerKey, secret: string): string {
  return `${pointerName(prefix, key)}/${secret}`;
}

/** The shard of a tenant that a name stands for; undefined for every other name, another tenant's included. */
export function parseShardName(
  prefix: string,
  tenant: string,
  name: string,
): Extract<SecretPointerKey, { readonly kind: 'shard' }> | undefined {
  const own = `${prefix}${part(tenant)}/`;
  if (!name.startsWith(own)) return undefined;
  const [, migration, digits] = /^([^/]+)\/(0|[1-9]\d{0,4})$/.exec(name.slice(own.length)) ?? [];
  if (migration === undefined || digits === undefined) return undefined;
  const bytes = migration.replace(/=([0-9a-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  const migrationId = Buffer.from(bytes, 'latin1').toString('utf8');
  if (part(migrationId) !== migration) return undefined;
  return { tenant, kind: 'shard', migrationId, number: Number(digits) };
}
