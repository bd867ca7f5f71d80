/**
 * Every problem that the API answers with, by a code that programs may rely on, and its HTTP status. Titles and
 * remedies are translated by the code: add, never rename.
 */
export const PROBLEMS = {
  'body-malformed': 400,
  'cursor-invalid': 400,
  'idempotency-key-invalid': 400,
  unauthenticated: 401,
  'scope-missing': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-in-progress': 409,
  'user-exists': 409,
  'user-in-use': 409,
  'mailbox-conflict': 409,
  'mailbox-status': 409,
  'migration-closed': 409,
  'connection-closed': 409,
  'destination-missing': 409,
  'destination-in-use': 409,
  'changed-meanwhile': 409,
  'body-too-large': 413,
  'media-type-unsupported': 415,
  'request-invalid': 422,
  'csv-invalid': 422,
  'users-unknown': 422,
  'credential-incomplete': 422,
  'consent-impossible': 422,
  'connection-not-verified': 422,
  'destination-not-verified': 422,
  'folders-unreadable': 422,
  'idempotency-key-reused': 422,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
