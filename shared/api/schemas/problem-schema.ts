import * as z from 'zod';
import { PROBLEMS, type ProblemCode } from '../problem-code.ts';
import { verdictSchema } from './verdict-schema.ts';

// The keys of PROBLEMS are exactly the codes, which Object.keys cannot tell.
const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** RFC 9457, with what programs and people need beside it. */
export const problemSchema = z
  .object({
    type: z.string().meta({ example: 'urn:mailhaul:problem:not-found' }),
    title: z.string().meta({ description: 'In the language of Accept-Language' }),
    status: z.number().int(),
    detail: z.string().meta({ description: 'What exactly, in English' }),
    instance: z.string().meta({ description: 'Names this occurrence, for the operator' }),
    code: z.enum(codes).meta({ description: 'For programs; never renamed' }),
    remedy: z.string().meta({ description: 'What to do, in the language of Accept-Language' }),
    errors: z
      .array(
        z.object({
          detail: z.string(),
          in: z.enum(['body', 'query', 'header']).optional(),
          pointer: z.string().optional().meta({ description: 'JSON pointer as a URI fragment (RFC 6901)' }),
          row: z.number().int().optional(),
          column: z.string().optional(),
          remedy: z.string().optional(),
        }),
      )
      .optional(),
    verdict: verdictSchema.optional(),
  })
  .meta({ id: 'Problem', description: 'Why a request is not served (RFC 9457)' });
