import { SecretsManagerError } from './errors.ts';
import { sameValue, type SecretRecord, type SecretValue, type SecretVersion } from './secret-record.ts';
import type { SecretRequest } from './secret-requests.ts';

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** How many versions without a label are kept, so that a repeated PutSecretValue is still recognised. */
const UNLABELLED_KEPT = 10;

export function versionWithStage(record: SecretRecord, stage: string): string | undefined {
  return Object.entries(record.versions).find(([, { stages }]) => stages.includes(stage))?.[0];
}

/**
 * Adds a version, and gives it AWSCURRENT unless other labels are asked for. The same version with the same value
 * again changes nothing: the record itself comes back.
 * @throws SecretsManagerError when the version exists with another value
 */
export function addVersion(
  record: SecretRecord,
  version: { id: string; value: SecretValue; stages: readonly string[] | undefined; now: number },
): SecretRecord {
  const { id, value, now } = version;
  const existing = record.versions[id];
  if (existing !== undefined) {
    if (sameValue(existing, value)) return record;
    throw new SecretsManagerError(
      'ResourceExistsException',
      "You can't modify an existing version, you can only create new versions.",
    );
  }
  const isFirst = versionWithStage(record, CURRENT) === undefined;
  const labels = new Set([...(isFirst ? [CURRENT] : []), ...(version.stages ?? [CURRENT])]);
  let changed: SecretRecord = {
    ...record,
    changedAt: now,
    versions: { ...record.versions, [id]: { ...value, stages: [], createdAt: now } },
  };
  for (const label of labels) changed = moveStage(changed, label, id);
  return forgetOldVersions(changed);
}

/**
 * UpdateSecretVersionStage. A label that is on a version leaves it only when the request names that very version:
 * that makes it a compare-and-set.
 */
export function changeStage(
  record: SecretRecord,
  request: SecretRequest<'UpdateSecretVersionStage'>,
  now: number,
): SecretRecord {
  const { VersionStage: stage, RemoveFromVersionId: from, MoveToVersionId: to } = request;
  for (const id of [from, to]) {
    if (id !== undefined && record.versions[id] === undefined) {
      throw new SecretsManagerError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for VersionId: ${id}`,
      );
    }
  }
  const holder = versionWithStage(record, stage);
  if (holder !== undefined && holder !== to && holder !== from) {
    throw new SecretsManagerError(
      'InvalidParameterException',
      `The parameter RemoveFromVersionId ${from === undefined ? "can't be empty" : 'is not correct'}. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (to === undefined && stage === CURRENT) {
    throw new SecretsManagerError(
      'InvalidParameterException',
      `You can't remove the staging label ${CURRENT}; move it to another version instead.`,
    );
  }
  const changed = to === undefined ? relabel(record, stage, undefined) : moveStage(record, stage, to);
  return forgetOldVersions({ ...changed, changedAt: now });
}

/** The version that loses AWSCURRENT gets AWSPREVIOUS, as the service does by itself. */
function moveStage(record: SecretRecord, stage: string, to: string): SecretRecord {
  const from = versionWithStage(record, stage);
  if (from === to) return record;
  const labelled = relabel(record, stage, to);
  return stage === CURRENT && from !== undefined ? relabel(labelled, PREVIOUS, from) : labelled;
}

/** Puts a label on one version, or on none, and takes it from every other. */
function relabel(record: SecretRecord, stage: string, to: string | undefined): SecretRecord {
  const versions = Object.entries(record.versions).map(([id, version]): [string, SecretVersion] => {
    const others = version.stages.filter((label) => label !== stage);
    return [id, { ...version, stages: id === to ? [...others, stage] : others }];
  });
  return { ...record, versions: Object.fromEntries(versions) };
}

function forgetOldVersions(record: SecretRecord): SecretRecord {
  const unlabelled = Object.keys(record.versions).filter((id) => record.versions[id]?.stages.length === 0);
  const gone = new Set(unlabelled.slice(0, Math.max(0, unlabelled.length - UNLABELLED_KEPT)));
  const versions = Object.entries(record.versions).filter(([id]) => !gone.has(id));
  return { ...record, versions: Object.fromEntries(versions) };
}
