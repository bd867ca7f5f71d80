import { SecretsManagerError } from './errors.ts';
import type { SecretValue } from './secret-record.ts';

/** The service counts the bytes of a value before it is encrypted. */
const MAX_SECRET_BYTES = 65_536;

/**
 * The value that a request carries; undefined when it carries none.
 * @throws SecretsManagerError for two values, or one of more than 65,536 bytes
 */
export function valueOf(request: {
  SecretString?: string | undefined;
  SecretBinary?: string | undefined;
}): SecretValue | undefined {
  const { SecretString: text, SecretBinary: binary } = request;
  if (text !== undefined && binary !== undefined) {
    throw new SecretsManagerError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const bytes = text === undefined ? Buffer.byteLength(binary ?? '', 'base64') : Buffer.byteLength(text);
  if (bytes > MAX_SECRET_BYTES) {
    const field = text === undefined ? 'secretBinary' : 'secretString';
    throw new SecretsManagerError(
      'ValidationException',
      `1 validation error detected: Value at '${field}' failed to satisfy constraint: Member must have length less than or equal to ${MAX_SECRET_BYTES}`,
    );
  }
  if (text !== undefined) return { text };
  return binary === undefined ? undefined : { binary };
}
