import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { cleanServerText } from '../server-text.ts';

/** What a server's certificate says of itself; to be shown, not to be trusted. Times are ISO 8601, UTC. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Names and addresses that it is for, twenty at most. */
  readonly names: readonly string[];
  readonly validFrom: string;
  readonly validUntil: string;
}

const MOST_NAMES = 20;
const LONGEST = 200;

/** Undefined where the server has shown none. @throws Error where it cannot be read */
export function certificateFacts(socket: TLSSocket): CertificateFacts | undefined {
  // As Node asks for it itself to verify the name: a second form of the same certificate confuses its first look.
  const { raw } = socket.getPeerCertificate(true);
  // Empty where there is none, whatever the type says.
  if (!(raw as Buffer | undefined)) return undefined;
  const { subject, issuer, subjectAltName = '', validFromDate, validToDate } = new X509Certificate(raw);
  if (Number.isNaN(validFromDate.getTime()) || Number.isNaN(validToDate.getTime())) return undefined;
  return {
    subject: oneLine(subject),
    issuer: oneLine(issuer),
    names: subjectAltName
      .split(', ')
      .slice(0, MOST_NAMES)
      .map((name) => oneLine(name.replace(/^(?:DNS|IP Address):/, '')))
      .filter((name) => name !== ''),
    validFrom: validFromDate.toISOString(),
    validUntil: validToDate.toISOString(),
  };
}

/** A distinguished name comes with a line for each part. */
function oneLine(text: string): string {
  return cleanServerText(text.replaceAll('\n', ', ')).slice(0, LONGEST);
}
