import { cleanServerText } from '../server-text.ts';
import { ConnectionClosedError, type ImapError, TlsError, type TlsProblem } from '../errors.ts';

/** Codes of OpenSSL and Node, see https://nodejs.org/api/tls.html#x509-certificate-error-codes. */
const PROBLEMS: Readonly<Record<string, TlsProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted-issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted-issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted-issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted-issuer',
  CERT_UNTRUSTED: 'untrusted-issuer',
  CERT_REJECTED: 'untrusted-issuer',
  INVALID_CA: 'untrusted-issuer',
  CERT_SIGNATURE_FAILURE: 'untrusted-issuer',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  CERT_REVOKED: 'revoked',
  HOSTNAME_MISMATCH: 'hostname-mismatch',
  ERR_TLS_CERT_ALTNAME_INVALID: 'hostname-mismatch',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-on-plain-port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-on-plain-port',
  ERR_SSL_HTTP_REQUEST: 'tls-on-plain-port',
};

const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Says what is wrong with the encryption of `host`, from the error that a handshake ended with. */
export function tlsFailure(host: string, error: Error): ImapError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // The error of Node carries the whole certificate chain: its code and words are enough to keep.
  const cause = new Error(cleanServerText(`${code} ${error.message}`));
  if (CLOSED.has(code)) {
    return new ConnectionClosedError(`${host} closed the connection during the TLS handshake.`, { cause });
  }
  const problem = PROBLEMS[code] ?? 'handshake-failed';
  return new TlsError(problem, explain(host, problem, error), { cause });
}

function explain(host: string, problem: TlsProblem, error: Error): string {
  const known = EXPLANATIONS[problem];
  if (known !== undefined) return known(host, error);
  return `The TLS handshake with ${host} failed: ${cleanServerText(error.message)}`;
}

const EXPLANATIONS: Readonly<Partial<Record<TlsProblem, (host: string, error: Error) => string>>> = {
  'self-signed': (host) =>
    `The certificate of ${host} is signed by itself. Add it as a trusted certificate, or install a public one.`,
  'untrusted-issuer': (host) =>
    `The certificate of ${host} comes from an authority that is not trusted. Add the certificate of the authority, or let the server send its whole chain.`,
  expired: (host) => `The certificate of ${host} has expired. It must be renewed at the server.`,
  'not-yet-valid': (host) => `The certificate of ${host} is not valid yet. Check the clock of the server.`,
  revoked: (host) => `The certificate of ${host} was revoked. It must be replaced at the server.`,
  'hostname-mismatch': (host, error) =>
    `The certificate of ${host} is for another name${namesOf(error)}. Use the name that it was issued for.`,
  'tls-on-plain-port': (host) =>
    `${host} does not speak TLS on this port. Choose STARTTLS for it, or port 993 for TLS.`,
};

function namesOf(error: Error): string {
  const cert: unknown = 'cert' in error ? error.cert : undefined;
  if (typeof cert !== 'object' || cert === null || !('subjectaltname' in cert)) return '';
  const { subjectaltname } = cert;
  return typeof subjectaltname === 'string' ? ` (${cleanServerText(subjectaltname).slice(0, 200)})` : '';
}
