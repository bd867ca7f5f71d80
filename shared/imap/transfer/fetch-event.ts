/** What comes out of a running fetch, in this order for each message: `message`, any number of `chunk`, `end`. */
export type FetchEvent =
  | {
      readonly kind: 'message';
      readonly uid: number;
      readonly flags: readonly string[];
      readonly internalDate: string;
      readonly size: number;
    }
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' };

/** What an event weighs in the backlog, in bytes. */
export function weightOf(event: FetchEvent): number {
  const BOOKKEEPING = 64;
  return event.kind === 'chunk' ? event.bytes.length + BOOKKEEPING : BOOKKEEPING;
}
