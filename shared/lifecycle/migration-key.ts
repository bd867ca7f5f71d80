/** Names one migration; the tenant is always part of the name. */
export interface MigrationKey {
  readonly tenant: string;
  readonly migrationId: string;
}
