/** Names of the errors that Secrets Manager answers with (API reference, "Common errors" and each operation's). */
export type SecretsManagerErrorName =
  | 'ResourceNotFoundException'
  | 'ResourceExistsException'
  | 'InvalidRequestException'
  | 'InvalidParameterException'
  | 'InvalidNextTokenException'
  | 'LimitExceededException'
  | 'ValidationException'
  | 'DecryptionFailure'
  | 'UnrecognizedClientException'
  | 'UnknownOperationException'
  | 'SerializationException';

/** An answer of Secrets Manager that refuses the request; the client's SDK throws it under `code` as its name. */
export class SecretsManagerError extends Error {
  readonly code: SecretsManagerErrorName;
  constructor(code: SecretsManagerErrorName, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SecretsManagerError';
    this.code = code;
  }
}

export function notFound(): SecretsManagerError {
  return new SecretsManagerError(
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret.",
  );
}

export function alreadyExists(name: string): SecretsManagerError {
  return new SecretsManagerError(
    'ResourceExistsException',
    `The operation failed because the secret ${name} already exists.`,
  );
}

export function deletionPlanned(): SecretsManagerError {
  return new SecretsManagerError(
    'InvalidRequestException',
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
  );
}

export function markedForDeletion(): SecretsManagerError {
  return new SecretsManagerError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}
