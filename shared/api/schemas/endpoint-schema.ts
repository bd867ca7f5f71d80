import * as z from 'zod';

/** A DNS name, an IPv4 or an IPv6 address: no scheme, no port, no path, nothing of a URL. */
export const hostSchema = z
  .string()
  .max(253)
  .regex(
    /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/,
    'Give the server name alone, such as imap.example.org',
  )
  .meta({ description: 'A server name or an IP address', example: 'imap.example.org' });

const MAX_CA = 32 * 1024;

/** Where an IMAP server is. */
export const endpointSchema = z
  .strictObject({
    host: hostSchema,
    port: z.number().int().min(1).max(65_535),
    security: z.enum(['tls', 'starttls', 'insecure']).meta({
      description: '`tls` usually on port 993, `starttls` on 143. `insecure` only on an own installation.',
    }),
    ca: z
      .string()
      .max(MAX_CA)
      .regex(/^\s*-----BEGIN CERTIFICATE-----/, 'Give certificates in PEM form')
      .optional()
      .meta({ description: 'Certificates in PEM form that are trusted beside those of the system' }),
  })
  .meta({ id: 'Endpoint', description: 'An IMAP server' });
