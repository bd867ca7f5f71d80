import * as z from 'zod';
import { consentAttemptKey, consentLinkKey } from './keys.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';

/** An invitation to consent; whoever has its word may give the consent for this mailbox and this side, once. */
export interface ConsentLink {
  /** SHA-256 of the word in the link, base64url; the word itself is nowhere. */
  readonly digest: string;
  readonly tenant: string;
  readonly mailboxId: string;
  readonly side: 'source' | 'destination';
  /** Begins the address that the sign-in service sends the user back to. */
  readonly baseUrl: string;
  /** Ms since the epoch. */
  readonly validUntil: number;
  /** How often it was opened. */
  readonly opens: number;
  /** The attempt that used it. */
  readonly usedBy?: string;
}

/** A user on the way to the sign-in service and back. No secret of it is here: `docs/decisions/consent-by-link.md`. */
export interface ConsentAttempt {
  /** SHA-256 of its `state`, base64url. */
  readonly digest: string;
  readonly link: string;
  /** SHA-256 of the word that the user's browser has, base64url. */
  readonly browser: string;
  /** Ms since the epoch. */
  readonly validUntil: number;
}

export interface ConsentRepository {
  addLinks(links: readonly ConsentLink[]): Promise<void>;
  getLink(digest: string): Promise<ConsentLink | undefined>;
  /** Notes that the user sets out. @returns false where the link is used, out of date or opened too often */
  begin(
    attempt: ConsentAttempt,
    options: { readonly now: number; readonly opensAtMost: number },
  ): Promise<boolean>;
  getAttempt(digest: string): Promise<ConsentAttempt | undefined>;
  /** @returns false where it has ended already */
  end(attempt: string): Promise<boolean>;
  /** Uses the link up for this attempt; may be repeated by the same one. @returns false where it is used or out of date */
  use(link: string, attempt: string, now: number): Promise<boolean>;
  /** Gives back a link whose attempt came to nothing after all. */
  giveBack(link: string, attempt: string): Promise<void>;
}

/** So long a link that is out of date can still be told from one that never was. */
const TOLD_MS = 30 * 24 * 3600 * 1000;

const linkSchema = z.object({
  digest: z.string(),
  tenant: z.string(),
  mailboxId: z.string(),
  side: z.enum(['source', 'destination']),
  baseUrl: z.string(),
  validUntil: z.number(),
  opens: z.number().int(),
  usedBy: z.string().exactOptional(),
}) satisfies z.ZodType<ConsentLink>;

const attemptSchema = z.object({
  digest: z.string(),
  link: z.string(),
  browser: z.string(),
  validUntil: z.number(),
}) satisfies z.ZodType<ConsentAttempt>;

export function createConsentRepository(table: StateTable): ConsentRepository {
  const seconds = (ms: number): number => Math.ceil(ms / 1000);
  return {
    addLinks: (links) =>
      table.batchWrite(
        links.map((link) => ({
          put: {
            ...consentLinkKey(link.digest),
            ...link,
            expiresAt: seconds(link.validUntil + TOLD_MS),
          },
        })),
      ),

    async getLink(digest) {
      const item = await table.get(consentLinkKey(digest));
      return item === undefined ? undefined : parseRecord('consent link', linkSchema, item);
    },

    async begin(attempt, { now, opensAtMost }) {
      const opened = await table.update(
        consentLinkKey(attempt.link),
        { text: 'ADD #opens :one', names: { '#opens': 'opens' }, values: { ':one': 1 } },
        {
          text: 'attribute_not_exists(#usedBy) AND #validUntil > :now AND #opens < :most',
          names: { '#usedBy': 'usedBy', '#validUntil': 'validUntil' },
          values: { ':now': now, ':most': opensAtMost },
        },
      );
      if (opened === undefined) return false;
      await table.put({
        ...consentAttemptKey(attempt.digest),
        ...attempt,
        expiresAt: seconds(attempt.validUntil),
      });
      return true;
    },

    async getAttempt(digest) {
      const item = await table.get(consentAttemptKey(digest));
      return item === undefined ? undefined : parseRecord('consent attempt', attemptSchema, item);
    },

    end: (attempt) => table.delete(consentAttemptKey(attempt), { text: 'attribute_exists(pk)' }),

    async use(link, attempt, now) {
      const used = await table.update(
        consentLinkKey(link),
        { text: 'SET #usedBy = :attempt', names: { '#usedBy': 'usedBy' }, values: { ':attempt': attempt } },
        {
          text: '(attribute_not_exists(#usedBy) OR #usedBy = :attempt) AND #validUntil > :now',
          names: { '#validUntil': 'validUntil' },
          values: { ':now': now },
        },
      );
      return used !== undefined;
    },

    async giveBack(link, attempt) {
      await table.update(
        consentLinkKey(link),
        { text: 'REMOVE #usedBy', names: { '#usedBy': 'usedBy' } },
        { text: '#usedBy = :attempt', values: { ':attempt': attempt } },
      );
    },
  };
}
