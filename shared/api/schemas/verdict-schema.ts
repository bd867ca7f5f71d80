import * as z from 'zod';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { CAPABILITY_TRAITS } from '../../imap/connection-test/capability-traits.ts';
import {
  CONNECTION_STEPS,
  type ConnectionVerdict,
  STEP_STATES,
} from '../../imap/connection-test/connection-verdict.ts';
import { REFUSAL_CODES } from '../../imap/refusal-code.ts';
import { FAILURE_REASONS } from '../../migration/failure-reason.ts';
import { describeTrouble } from '../describe-trouble.ts';

const stepSchema = z.enum(CONNECTION_STEPS);
const bytesSchema = z.number().int().min(0);

/** What a connection test found. */
export const verdictSchema = z
  .object({
    ok: z.boolean(),
    steps: z.array(
      z.object({
        step: stepSchema,
        text: z.string().meta({ description: 'What is tried, in the language of Accept-Language' }),
        state: z.enum(STEP_STATES),
        detail: z.string().meta({ description: 'What exactly, in English; empty where it was not reached' }),
        ms: z.number().min(0),
      }),
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
    certificate: z
      .object({
        subject: z.string(),
        issuer: z.string(),
        names: z.array(z.string()),
        validFrom: z.string(),
        validUntil: z.string(),
        problem: z.string().optional().meta({ description: 'Why it is refused' }),
      })
      .optional()
      .meta({ description: 'As the server showed it, also where it is refused' }),
    capabilities: z.array(z.string()).optional(),
    traits: z
      .array(
        z.object({
          trait: z.enum(CAPABILITY_TRAITS),
          present: z.boolean(),
          text: z.string().meta({ description: 'What follows, in the language of Accept-Language' }),
        }),
      )
      .optional(),
    namespace: z.object({ prefix: z.string(), delimiter: z.string() }).optional(),
    folderCount: z.number().int().min(0).optional(),
    quota: z.object({ usedBytes: bytesSchema, limitBytes: bytesSchema }).optional(),
    leftFolder: z
      .string()
      .optional()
      .meta({ description: 'An empty folder that the test made and could not remove again' }),
  })
  .meta({
    id: 'Verdict',
    description: 'The steps of a connection test, and which one failed and what to do',
  });

/** The verdict with its texts in the caller's language. */
export function showVerdict(verdict: ConnectionVerdict, catalogue: Catalogue): z.input<typeof verdictSchema> {
  const { failed, steps, traits, certificate, ...rest } = verdict;
  const { connection } = catalogue;
  return {
    ...rest,
    steps: steps.map((outcome) => ({ ...outcome, text: connection.steps[outcome.step] })),
    ...(certificate === undefined ? {} : { certificate: { ...certificate, names: [...certificate.names] } }),
    ...(traits === undefined
      ? {}
      : {
          traits: traits.map(({ trait, present }) => ({
            trait,
            present,
            text: connection.traits[trait][present ? 'present' : 'absent'],
          })),
        }),
    ...(failed === undefined
      ? {}
      : { failed: { ...failed, ...describeTrouble({ ...failed, code: failed.reason }, catalogue) } }),
  };
}
