import { inspect } from 'node:util';
import { LocalServiceError, MasterKeyError } from '../errors.ts';

/**
 * An error on its way from one thread to another. A structured clone would lose its class and its `code`, and both
 * decide what a command ends with.
 */
export type CarriedError = Carried & (ServiceFailure | { readonly kind: 'master-key' } | OtherError);

interface Carried {
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: CarriedError | undefined;
}

interface ServiceFailure {
  readonly kind: 'local-service';
  readonly service: LocalServiceError['service'];
}

/** `details` are its own plain properties, such as the `code` and `path` of an error of node's own. */
interface OtherError {
  readonly kind: 'other';
  readonly name: string;
  readonly details: Readonly<Record<string, Detail>>;
}

type Detail = string | number | boolean;

/** A chain of causes may be a circle. */
const MOST_CAUSES = 8;

export function carryError(error: unknown, causes = MOST_CAUSES): CarriedError {
  if (!(error instanceof Error)) {
    return {
      kind: 'other',
      name: 'Error',
      message: inspect(error),
      stack: undefined,
      cause: undefined,
      details: {},
    };
  }
  const carried: Carried = {
    message: error.message,
    stack: error.stack,
    cause: error.cause === undefined || causes === 0 ? undefined : carryError(error.cause, causes - 1),
  };
  if (error instanceof LocalServiceError) {
    return { ...carried, kind: 'local-service', service: error.service };
  }
  if (error instanceof MasterKeyError) return { ...carried, kind: 'master-key' };
  return { ...carried, kind: 'other', name: error.name, details: detailsOf(error) };
}

/** The same error, made in this thread. */
export function reviveError(carried: CarriedError): Error {
  const cause = carried.cause === undefined ? undefined : reviveError(carried.cause);
  const error = reviveClass(carried, cause);
  if (carried.stack !== undefined) error.stack = carried.stack;
  return error;
}

function reviveClass(carried: CarriedError, cause: Error | undefined): Error {
  switch (carried.kind) {
    case 'local-service':
      return new LocalServiceError(carried.service, carried.message, cause);
    case 'master-key':
      return new MasterKeyError(carried.message, cause);
    case 'other':
      return Object.assign(new Error(carried.message, { cause }), carried.details, { name: carried.name });
  }
}

function detailsOf(error: Error): OtherError['details'] {
  return Object.fromEntries(
    Object.entries(error).filter(
      (entry): entry is [string, Detail] =>
        ['string', 'number', 'boolean'].includes(typeof entry[1]) && entry[0] !== 'name',
    ),
  );
}
