import * as z from 'zod';

/** An IMAP server as an admin gave it. */
export interface EndpointRecord {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'insecure';
  /** PEM; trusted beside the system's authorities. */
  readonly ca?: string;
}

export const endpointSchema = z.object({
  host: z.string(),
  port: z.number().int(),
  security: z.enum(['tls', 'starttls', 'insecure']),
  ca: z.string().exactOptional(),
}) satisfies z.ZodType<EndpointRecord>;
