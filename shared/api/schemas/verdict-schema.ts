import * as z from 'zod';
import { describeTrouble } from '../describe-trouble.ts';
import type { Catalogue } from '../../i18n/catalogue.ts';
import type { ConnectionVerdict } from '../../imap/session/connection-test.ts';
import { REFUSAL_CODES } from '../../imap/refusal-code.ts';
import { FAILURE_REASONS } from '../../migration/failure-reason.ts';

const stepSchema = z.enum(['token', 'name', 'tcp', 'tls', 'greeting', 'login', 'folders']);

/** What a connection test found. */
export const verdictSchema = z
  .object({
    ok: z.boolean(),
    steps: z.array(
      z.object({ step: stepSchema, ok: z.boolean(), detail: z.string(), ms: z.number().min(0) }),
    ),
    failed: z
      .object({
        step: stepSchema,
        reason: z.enum(FAILURE_REASONS),
        summary: z.string(),
        remedy: z.string(),
        serverText: z.string().optional(),
        refusal: z.enum(REFUSAL_CODES).optional().meta({ description: 'Where the provider is known for it' }),
      })
      .optional(),
    folderCount: z.number().int().min(0).optional(),
    capabilities: z.array(z.string()).optional(),
  })
  .meta({
    id: 'Verdict',
    description: 'The steps of a connection test, and which one failed and what to do',
  });

/** The verdict with its texts in the caller's language. */
export function showVerdict(verdict: ConnectionVerdict, catalogue: Catalogue): z.input<typeof verdictSchema> {
  const { failed, ...rest } = verdict;
  if (failed === undefined) return rest;
  return {
    ...rest,
    failed: { ...failed, ...describeTrouble({ ...failed, code: failed.reason }, catalogue) },
  };
}
