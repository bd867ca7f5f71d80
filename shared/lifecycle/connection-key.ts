/** Names one connection to a source server; the tenant is always part of the name. */
export interface ConnectionKey {
  readonly tenant: string;
  readonly connectionId: string;
}
