import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { UsageError } from './errors.ts';

/** As much as the API takes. */
const MAX_BYTES = 32 * 1024;

/**
 * The text of a PEM file, once it is known to hold certificates.
 * @throws UsageError
 */
export async function readCertificate(file: string): Promise<string> {
  let text: string;
  try {
    if ((await stat(file)).size > MAX_BYTES) throw new RangeError('larger than 32 KB');
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new UsageError(
      `${file} cannot be read or is larger than 32 KB. Check the name after --ca, and give the one authority that is needed.`,
      { cause },
    );
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0) throw new Error('no BEGIN CERTIFICATE line');
    for (const block of blocks) void new X509Certificate(block);
  } catch (cause) {
    throw new UsageError(
      `${file} is not a PEM file of certificates. Give --ca the certificate of the authority, beginning with BEGIN CERTIFICATE.`,
      { cause },
    );
  }
  return blocks.join('\n');
}
