import { isIP } from 'node:net';
import { UsageError } from './errors.ts';

/** An IMAP server as the command line names it. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** `insecure` is plain text, only with --insecure. */
  readonly security: 'tls' | 'starttls' | 'insecure';
}

const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/**
 * `imaps://HOST[:PORT]` (TLS from the first byte, port 993) or `imap://HOST[:PORT]` (port 143; STARTTLS is demanded
 * unless `insecure`). RFC 5092 names the schemes; ports as in RFC 8314 section 3.2.
 * @throws UsageError
 */
export function parseServerAddress(text: string, option: string, insecure: boolean): ServerAddress {
  const example = `Write ${option} imaps://imap.example.org or ${option} imaps://imap.example.org:993`;
  const scheme = /^(imaps?):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    throw new UsageError(`${option}: "${text}" does not begin with imaps:// or imap://. ${example}.`);
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new UsageError(`${option}: "${text}" is not an address of a server. ${example}.`, { cause });
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      `${option}: the address holds a user. Who signs in comes from the CSV file or --source-user and --destination-user. ${example}.`,
    );
  }
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new UsageError(`${option}: "${text}" goes on after the port; all folders are moved. ${example}.`);
  }
  const host = hostOf(url);
  if (host === undefined) throw new UsageError(`${option}: "${text}" has no valid host name. ${example}.`);
  const port = url.port === '' ? (scheme === 'imaps' ? 993 : 143) : Number(url.port);
  if (port === 0) throw new UsageError(`${option}: port 0 is not a port. ${example}.`);
  return { host, port, security: scheme === 'imaps' ? 'tls' : insecure ? 'insecure' : 'starttls' };
}

/** Unknown schemes keep the host as typed (percent-encoded); names outside ASCII go through an https URL to punycode. */
function hostOf(url: URL): string | undefined {
  let host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return host;
  try {
    host = new URL(`https://${decodeURIComponent(host)}`).hostname;
  } catch {
    return undefined;
  }
  return HOST_NAME.test(host) ? host : undefined;
}
