import { ConsentError, type ConsentRefusal } from '../../consent/errors.ts';
import type { Catalogue, ConsentOutcome } from '../../i18n/catalogue.ts';
import { problemOfError } from '../problem-of-error.ts';
import type { PageText } from './html-page.ts';

export const CONSENT_STATUSES: Readonly<Record<ConsentOutcome, number>> = {
  done: 200,
  'link-unknown': 404,
  'link-expired': 410,
  'link-used': 410,
  'link-exhausted': 429,
  closed: 410,
  'attempt-unknown': 400,
  'other-browser': 400,
  'wrong-account': 403,
  denied: 403,
  'admin-approval': 403,
  'scope-missing': 403,
  'not-lasting': 502,
  'client-refused': 502,
  'service-failed': 503,
  'answer-unreadable': 502,
  'mailbox-unreachable': 503,
  unavailable: 503,
  internal: 500,
};

/** What a user is told of a consent that came to nothing. */
export function consentRefusalOf(error: unknown): {
  readonly outcome: ConsentRefusal | 'unavailable' | 'internal';
  readonly account: string | undefined;
} {
  if (error instanceof ConsentError) return { outcome: error.refusal, account: error.account };
  const { code } = problemOfError(error);
  const outcome = code === 'unavailable' ? 'unavailable' : code === 'not-found' ? 'link-unknown' : 'internal';
  return { outcome, account: undefined };
}

export function consentPage(
  outcome: ConsentOutcome,
  account: string | undefined,
  { consent }: Catalogue,
): PageText {
  const { title, text } = consent[outcome];
  return { title, text: text.replaceAll('{account}', account ?? '') };
}
