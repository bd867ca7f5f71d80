import { createHash, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const derive: (password: Buffer, salt: string, length: number) => Promise<Buffer> = promisify(scrypt);

/**
 * Tells two requests apart without keeping either.
 *
 * A plain digest of a body with a password would let whoever reads the table try passwords against it at great
 * speed. So what may hold secrets is hashed by scrypt (RFC 7914; node's defaults: 16 MB, some 50 ms) under a salt
 * that is different for each key.
 */
export async function requestHash(
  request: { method: string; path: string; query: string; body: Buffer },
  options: { salt: string; carriesSecrets: boolean },
): Promise<string> {
  const digest = createHash('sha256')
    .update(JSON.stringify([options.salt, request.method, request.path, request.query]))
    .update('\n')
    .update(request.body)
    .digest();
  const hash = options.carriesSecrets ? await derive(digest, options.salt, 32) : digest;
  return hash.toString('base64url');
}
