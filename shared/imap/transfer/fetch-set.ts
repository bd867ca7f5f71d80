import { uidBatches } from '../wire/uid-batches.ts';

/**
 * One UID FETCH command of a fetch. `whole` asks for attributes and body at once. Where a server sends the body
 * before the attributes, they are asked for first (`attributes`), then each body alone (`body`), so that
 * it is certain to which message a body belongs.
 */
export interface FetchSet {
  readonly step: 'whole' | 'attributes' | 'body';
  readonly uids: readonly number[];
  /** The UIDs as IMAP writes them. */
  readonly set: string;
}

/** @param uids ascending */
export function fetchSets(step: FetchSet['step'], uids: readonly number[], messages: number): FetchSet[] {
  return Array.from(uidBatches(uids, step === 'body' ? 1 : messages), (batch) => ({ step, ...batch }));
}

const ITEMS: Record<FetchSet['step'], string> = {
  whole: '(UID FLAGS INTERNALDATE BODY.PEEK[])',
  attributes: '(UID FLAGS INTERNALDATE)',
  body: '(UID BODY.PEEK[])',
};

/** The command for a set, without its tag. */
export function fetchCommand({ step, set }: FetchSet): string {
  return `UID FETCH ${set} ${ITEMS[step]}`;
}
