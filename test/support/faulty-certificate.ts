import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestCertificate } from './test-certificate.ts';

const run = promisify(execFile);

export type CertificateFault = 'self-signed' | 'expired' | 'other-name';

/**
 * A certificate that must not be accepted for localhost: signed by itself (`ca` is then some other authority), out of
 * date, or made out to another name. Made by the openssl binary: Node can read certificates but not make them.
 */
export async function faultyCertificate(fault: CertificateFault): Promise<TestCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-certificate-'));
  const file = (name: string): string => join(folder, name);
  const text = (name: string): Promise<string> => readFile(file(name), 'utf8');
  const openssl = (...args: string[]): Promise<unknown> => run('openssl', args, { cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = fault === 'other-name' ? 'mail.other.test' : 'localhost';
  const days = fault === 'expired' ? '-1' : '2';
  try {
    await writeFile(file('server.ext'), `basicConstraints=CA:FALSE\nsubjectAltName=DNS:${name}\n`);
    const authority = ['-subj', '/CN=Mailhaul faulty authority', '-keyout', 'ca.key', '-out', 'ca.pem'];
    await openssl('req', '-x509', ...newKey, '-days', '2', ...authority);
    await openssl(
      'req',
      '-new',
      ...newKey,
      '-subj',
      `/CN=${name}`,
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
    );
    const signer =
      fault === 'self-signed'
        ? ['-signkey', 'server.key']
        : ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    const signed = ['-days', days, '-in', 'server.csr', '-extfile', 'server.ext', '-out', 'server.pem'];
    await openssl('x509', '-req', ...signer, ...signed);
    const [ca, certificate, key] = await Promise.all([
      text('ca.pem'),
      text('server.pem'),
      text('server.key'),
    ]);
    return { ca, certificate, key };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
