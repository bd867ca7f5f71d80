import * as z from 'zod';

/** Text of one line: no control characters, which have no place in a name, an address or a password. */
const LINE = /^[^\p{Cc}\u2028\u2029]*$/u;

/** A text of one line of 1 to `max` characters. */
export function lineSchema(max: number): z.ZodString {
  return z.string().min(1).max(max).regex(LINE, 'Control characters are not possible here');
}

/**
 * An e-mail address as organisations give them (RFC 5321 lengths, RFC 6531 letters): unquoted, and without the
 * characters that only quoting or routing would need.
 */
export const emailSchema = z
  .string()
  .max(254)
  .regex(
    /^[^\s\p{Cc}@/%"(),:;<>[\]\\]{1,64}@[^\s\p{Cc}@/%"(),:;<>[\]\\.]+(?:\.[^\s\p{Cc}@/%"(),:;<>[\]\\.]+)+$/u,
    'This is not an e-mail address',
  )
  .meta({ description: 'An e-mail address', example: 'anna@example.org' });

/** A ULID as we make them. */
export const idSchema = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'This is not an identifier')
  .meta({ description: 'An identifier', example: '01JD8Y3T5V9W2X4Y6Z8A0B1C2D' });

/** A password. Blanks at its ends may belong to it. */
export const passwordSchema = lineSchema(1024).meta({
  description:
    'A password or app password. What is stored is stored in Secrets Manager only, and never shown again.',
  format: 'password',
  writeOnly: true,
});

/** The name by which an account signs in. */
export const accountNameSchema = lineSchema(320).meta({
  description: 'The name by which the account signs in, often its e-mail address',
});

/** ISO 8601, UTC. */
export const timeSchema = z.iso
  .datetime()
  .meta({ description: 'UTC, ISO 8601', example: '2026-03-01T12:00:00.000Z' });

export const countSchema = z.number().int().min(0);

/** Ms since the epoch as the API writes it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
