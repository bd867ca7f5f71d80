/**
 * The `code` of an error of node's own, such as ENOENT.
 * By shape: an error that node made is no instance of the Error of the realm that a test runs in.
 */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
