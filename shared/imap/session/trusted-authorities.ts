import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { TlsError } from '../errors.ts';

/** Building a context of some 300 certificates takes about 12 ms, so a few are kept. */
const MOST_KEPT = 16;
const kept = new Map<string, SecureContext>();

/**
 * What certificates are verified against: the authorities that Node brings, those of the system, and `ca` (PEM) if
 * given.
 * @throws TlsError if `ca` is not PEM
 */
export function trustedAuthorities(ca = ''): SecureContext {
  const known = kept.get(ca);
  if (known) return known;
  const authorities = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  if (ca !== '') authorities.add(readPem(ca));
  const context = createSecureContext({ ca: [...authorities], minVersion: 'TLSv1.2' });
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size >= MOST_KEPT) kept.delete(oldest);
  kept.set(ca, context);
  return context;
}

function readPem(ca: string): string {
  try {
    // Says whether it is PEM; mixed with others, what is not would be passed over without a word.
    createSecureContext({ ca });
    if (ca.includes('-----BEGIN ')) return ca;
  } catch {
    // told below
  }
  throw new TlsError(
    'untrusted-issuer',
    'The extra certificate is not in PEM form. Paste it as text, with its BEGIN line.',
  );
}
