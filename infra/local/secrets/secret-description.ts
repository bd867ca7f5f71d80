import { SecretsManagerError } from './errors.ts';
import type { SecretRecord } from './secret-record.ts';
import type { SecretRequest } from './secret-requests.ts';

export type Answer = Record<string, unknown>;

/** DescribeSecret's answer. */
export function describe(record: SecretRecord): Answer {
  return { ...facts(record), VersionIdsToStages: stagesOf(record) };
}

/** ListSecrets' answer: one page of those that pass the filters, by age. */
export function listPage(records: readonly SecretRecord[], request: SecretRequest<'ListSecrets'>): Answer {
  const direction = request.SortOrder === 'asc' ? 1 : -1;
  const found = records
    .filter((record) => record.deleteAt === undefined || request.IncludePlannedDeletion)
    .filter((record) => request.Filters.every((filter) => matches(record, filter)))
    .toSorted((a, b) => direction * (a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1)));
  const start = request.NextToken === undefined ? 0 : offsetOf(request.NextToken);
  const end = start + request.MaxResults;
  return {
    SecretList: found
      .slice(start, end)
      .map((record) => ({ ...facts(record), SecretVersionsToStages: stagesOf(record) })),
    ...(end < found.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {}),
  };
}

/** Dates travel as seconds since the epoch. */
export function seconds(ms: number): number {
  return ms / 1000;
}

/** By the beginning of the name; a value that begins with "!" excludes. Other keys than the name select nothing here. */
function matches(record: SecretRecord, filter: { Key: string; Values: readonly string[] }): boolean {
  if (filter.Key !== 'name') return false;
  return filter.Values.some((value) =>
    value.startsWith('!') ? !record.name.startsWith(value.slice(1)) : record.name.startsWith(value),
  );
}

function offsetOf(nextToken: string): number {
  const offset = Number(Buffer.from(nextToken, 'base64url').toString('latin1'));
  if (Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw new SecretsManagerError('InvalidNextTokenException', 'The NextToken value is invalid.');
}

function facts(record: SecretRecord): Answer {
  return {
    ARN: record.arn,
    Name: record.name,
    Description: record.description,
    CreatedDate: seconds(record.createdAt),
    LastChangedDate: seconds(record.changedAt),
    DeletedDate: record.deleteAt === undefined ? undefined : seconds(record.deleteAt),
  };
}

function stagesOf(record: SecretRecord): Record<string, string[]> {
  const labelled = Object.entries(record.versions).filter(([, { stages }]) => stages.length > 0);
  return Object.fromEntries(labelled.map(([id, { stages }]) => [id, stages]));
}
