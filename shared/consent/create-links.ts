import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { digestOf } from './browser-word.ts';
import { accountOf, type ConsentSide } from './consent-target.ts';

/** A link for the user of one mailbox. */
export interface NewConsentLink {
  readonly mailbox: MailboxRecord;
  readonly side: ConsentSide;
  /** Whose consent it is for. */
  readonly account: string;
  /** Holds the word; told once and kept nowhere. */
  readonly url: string;
  /** Ms since the epoch. */
  readonly validUntil: number;
}

/**
 * Makes a link for each mailbox and side. Those that were made before stay good until they are used or out of date.
 * @param options.baseUrl where users reach the API, without a slash at the end
 */
export async function createConsentLinks(
  { state, clock, words }: Pick<Services, 'state' | 'clock' | 'words'>,
  wanted: ReadonlyArray<{ readonly mailbox: MailboxRecord; readonly side: ConsentSide }>,
  { baseUrl, validMs }: { readonly baseUrl: string; readonly validMs: number },
): Promise<NewConsentLink[]> {
  const validUntil = clock.now() + validMs;
  const made = wanted.map(({ mailbox, side }) => ({ mailbox, side, word: words() }));
  await state.consents.addLinks(
    made.map(({ mailbox: { tenant, mailboxId }, side, word }) => ({
      digest: digestOf(word),
      tenant,
      mailboxId,
      side,
      baseUrl,
      validUntil,
      opens: 0,
    })),
  );
  return made.map(({ mailbox, side, word }) => ({
    mailbox,
    side,
    account: accountOf(mailbox, side),
    url: `${baseUrl}/v1/consent/${word}`,
    validUntil,
  }));
}
