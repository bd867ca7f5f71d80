import { readFile, stat } from 'node:fs/promises';
import { type SignInInput, signInInputSchema } from '../shared/api/schemas/sign-in-schema.ts';
import { UsageError } from './errors.ts';

/** A key and a certificate have about 6 KB. */
const MAX_BYTES = 64 * 1024;

/**
 * How a server is opened, from a JSON file in the form of the API: with secrets, which have no place on a command line.
 * @param option of the command line, for messages
 * @throws UsageError, which quotes nothing of the file
 */
export async function readSignIn(file: string, option: string): Promise<SignInInput> {
  let text: string;
  try {
    if ((await stat(file)).size > MAX_BYTES) throw new RangeError('larger than 64 KB');
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new UsageError(
      `${file} cannot be read or is larger than 64 KB. Check the name after ${option} and its permissions.`,
      { cause },
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(
      `${file} is not JSON. Give ${option} an object like {"kind":"administrator","user":"…","password":"…"}.`,
    );
  }
  const parsed = signInInputSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.slice(0, 10).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UsageError(`${file} does not say how to sign in: ${places.join('; ')}. Correct it.`);
}
