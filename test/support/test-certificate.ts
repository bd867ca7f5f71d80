import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PEM texts: a certification authority of our own and a server certificate that it signed. */
export interface TestCertificate {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const LOCAL_NAMES = 'DNS:localhost,IP:127.0.0.1';
const cached = new Map<string, Promise<TestCertificate>>();

/**
 * A server certificate for localhost and 127.0.0.1, signed by a fresh authority that no system trusts.
 * Made by the openssl binary once per test file.
 *
 * @param names for a certificate that is good for other names, e.g. 'DNS:mail.example.com'
 */
export function testCertificate(names: string = LOCAL_NAMES): Promise<TestCertificate> {
  const made = cached.get(names) ?? makeTestCertificate(names);
  cached.set(names, made);
  return made;
}

async function makeTestCertificate(names: string): Promise<TestCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-certificate-'));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): Promise<unknown> => run('openssl', args, { cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const authority = ['-subj', '/CN=Mailhaul test authority', '-keyout', 'ca.key', '-out', 'ca.pem'];
  const request = ['-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr'];
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'server.ext'];
  try {
    await writeFile(
      file('server.ext'),
      `basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=${names}\n`,
    );
    await openssl('req', '-x509', ...newKey, ...authority);
    await openssl('req', '-new', ...newKey, ...request);
    await openssl('x509', '-req', '-days', '2', '-in', 'server.csr', '-out', 'server.pem', ...signed);
    const [ca, certificate, key] = await Promise.all([
      readFile(file('ca.pem'), 'utf8'),
      readFile(file('server.pem'), 'utf8'),
      readFile(file('server.key'), 'utf8'),
    ]);
    return { ca, certificate, key };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
