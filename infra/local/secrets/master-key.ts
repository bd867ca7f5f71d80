import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { MasterKeyError } from '../errors.ts';
import { writeFileAtomically } from '../write-file-atomically.ts';

const KEY_BYTES = 32;

/**
 * The key that secrets on this machine are encrypted with (AES-256: 32 bytes).
 * @param given text of MAILHAUL_MASTER_KEY: 32 bytes as base64 or hex; without it the state folder's own key file
 *   (mode 0600) is read, or made at the first start
 * @throws MasterKeyError
 */
export async function readMasterKey(stateDir: string, given: string | undefined): Promise<Buffer> {
  if (given !== undefined) return parseKey(given, 'MAILHAUL_MASTER_KEY');
  const path = join(stateDir, 'master.key');
  const stored = await readIfPresent(path);
  if (stored !== undefined) return parseKey(stored, path);
  const key = randomBytes(KEY_BYTES);
  await writeFileAtomically(path, Buffer.from(`${key.toString('base64')}\n`));
  return key;
}

function parseKey(text: string, from: string): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, /^[0-9a-f]{64}$/i.test(trimmed) ? 'hex' : 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new MasterKeyError(
    `${from} does not hold a key: it must be ${KEY_BYTES} bytes as base64 or hex, as "openssl rand -base64 ${KEY_BYTES}" prints.`,
  );
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
