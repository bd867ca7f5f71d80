import { inspect } from 'node:util';
import { type CarriedError, carryError, reviveError } from './carried-error.ts';

/** What a line of the log tells beside its message, on its way from one thread to another. */
export type CarriedData = Readonly<
  Record<
    string,
    | { readonly kind: 'plain'; readonly value: string | number | boolean | null | undefined }
    | { readonly kind: 'error'; readonly error: CarriedError }
  >
>;

export function carryData(data: Readonly<Record<string, unknown>>): CarriedData {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, carryValue(value)]));
}

/** The same data, with real errors, as a logger takes them. */
export function reviveData(carried: CarriedData): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(carried).map(([name, value]) => [
      name,
      value.kind === 'error' ? reviveError(value.error) : value.value,
    ]),
  );
}

function carryValue(value: unknown): CarriedData[string] {
  if (value instanceof Error) return { kind: 'error', error: carryError(value) };
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return { kind: 'plain', value };
    default:
      return { kind: 'plain', value: value === null ? null : inspect(value) };
  }
}
