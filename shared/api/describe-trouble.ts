import type { Catalogue } from '../i18n/catalogue.ts';
import type { RefusalCode } from '../imap/refusal-code.ts';
import type { FailureDescription, FailureReason } from '../migration/failure-reason.ts';

/** What happened and what to do: in the words for this provider where they are known, else in general. */
export function describeTrouble(
  trouble: { readonly code: FailureReason; readonly refusal?: RefusalCode | undefined },
  { failures, providers }: Pick<Catalogue, 'failures' | 'providers'>,
): FailureDescription {
  return trouble.refusal === undefined ? failures[trouble.code] : providers.refusals[trouble.refusal];
}
