import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../shared/migration/clock.ts';
import {
  alreadyExists,
  deletionPlanned,
  markedForDeletion,
  notFound,
  SecretsManagerError,
} from './errors.ts';
import { recoveryMs } from './recovery-window.ts';
import { type Answer, describe, listPage, seconds } from './secret-description.ts';
import type { SecretFiles } from './secret-files.ts';
import { sameValue, type SecretRecord } from './secret-record.ts';
import type { SecretRequest } from './secret-requests.ts';
import { addVersion, changeStage, CURRENT, versionWithStage } from './secret-stages.ts';
import { valueOf } from './secret-value.ts';
import { SerialByKey } from './serial-by-key.ts';

const ARN_SUFFIX = /-[A-Za-z0-9]{6}$/;

/**
 * What Secrets Manager's operations do to the stored secrets; the requests are already validated.
 * Operations on one secret run one after the other. Every method throws SecretsManagerError for a refusal.
 */
export class SecretsService {
  readonly #files: SecretFiles;
  readonly #clock: Clock;
  readonly #arnPrefix: string;
  readonly #serial = new SerialByKey();

  constructor(files: SecretFiles, options: { clock: Clock; region: string }) {
    this.#files = files;
    this.#clock = options.clock;
    this.#arnPrefix = `arn:aws:secretsmanager:${options.region}:000000000000:secret:`;
  }

  createSecret(request: SecretRequest<'CreateSecret'>): Promise<Answer> {
    const { Name: name, Description: description, ClientRequestToken: id } = request;
    return this.#alone(name, async (existing) => {
      const value = valueOf(request);
      if (existing !== undefined) {
        const same = existing.versions[id];
        if (
          existing.deleteAt === undefined &&
          same !== undefined &&
          value !== undefined &&
          sameValue(same, value)
        ) {
          return { ARN: existing.arn, Name: name, VersionId: id };
        }
        throw existing.deleteAt === undefined ? alreadyExists(name) : deletionPlanned();
      }
      const now = this.#clock.now();
      const record: SecretRecord = {
        arn: `${this.#arnPrefix}${name}-${randomBytes(3).toString('hex')}`,
        name,
        ...(description === undefined ? {} : { description }),
        createdAt: now,
        changedAt: now,
        versions: value === undefined ? {} : { [id]: { ...value, stages: [CURRENT], createdAt: now } },
      };
      await this.#files.write(record);
      return { ARN: record.arn, Name: name, ...(value === undefined ? {} : { VersionId: id }) };
    });
  }

  getSecretValue(request: SecretRequest<'GetSecretValue'>): Promise<Answer> {
    return this.#usable(request, async (record) => {
      const stage = request.VersionStage ?? (request.VersionId === undefined ? CURRENT : undefined);
      const id = request.VersionId ?? (stage === undefined ? undefined : versionWithStage(record, stage));
      const version = id === undefined ? undefined : record.versions[id];
      if (version === undefined) {
        const what =
          request.VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${request.VersionId}`;
        throw new SecretsManagerError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret value for ${what}`,
        );
      }
      if (stage !== undefined && !version.stages.includes(stage)) {
        throw new SecretsManagerError(
          'InvalidRequestException',
          'You provided a VersionStage that is not associated to the provided VersionId.',
        );
      }
      return {
        ARN: record.arn,
        Name: record.name,
        VersionId: id,
        SecretString: version.text,
        SecretBinary: version.binary,
        VersionStages: version.stages,
        CreatedDate: seconds(version.createdAt),
      };
    });
  }

  putSecretValue(request: SecretRequest<'PutSecretValue'>): Promise<Answer> {
    const { ClientRequestToken: id, VersionStages: stages } = request;
    return this.#usable(request, async (record) => {
      const value = valueOf(request);
      if (value === undefined) {
        throw new SecretsManagerError(
          'InvalidRequestException',
          'You must provide either SecretString or SecretBinary.',
        );
      }
      const changed = addVersion(record, { id, value, stages, now: this.#clock.now() });
      if (changed !== record) await this.#files.write(changed);
      return {
        ARN: record.arn,
        Name: record.name,
        VersionId: id,
        VersionStages: changed.versions[id]?.stages,
      };
    });
  }

  updateSecret(request: SecretRequest<'UpdateSecret'>): Promise<Answer> {
    const { ClientRequestToken: id, Description: description } = request;
    return this.#usable(request, async (record) => {
      const value = valueOf(request);
      const now = this.#clock.now();
      const described = { ...record, changedAt: now, ...(description === undefined ? {} : { description }) };
      await this.#files.write(
        value === undefined ? described : addVersion(described, { id, value, stages: undefined, now }),
      );
      return { ARN: record.arn, Name: record.name, ...(value === undefined ? {} : { VersionId: id }) };
    });
  }

  describeSecret(request: SecretRequest<'DescribeSecret'>): Promise<Answer> {
    return this.#present(request, async (record) => describe(record));
  }

  deleteSecret(request: SecretRequest<'DeleteSecret'>): Promise<Answer> {
    const name = this.#nameOf(request.SecretId);
    return this.#alone(name, async (record) => {
      const wait = recoveryMs(request);
      const now = this.#clock.now();
      if (wait === 0) {
        // A secret that is not there counts as deleted.
        await this.#files.remove(name);
        return { ARN: record?.arn ?? `${this.#arnPrefix}${name}`, Name: name, DeletionDate: seconds(now) };
      }
      if (record === undefined) throw notFound();
      if (record.deleteAt !== undefined) throw markedForDeletion();
      const deleteAt = now + wait;
      await this.#files.write({ ...record, deleteAt });
      return { ARN: record.arn, Name: record.name, DeletionDate: seconds(deleteAt) };
    });
  }

  restoreSecret(request: SecretRequest<'RestoreSecret'>): Promise<Answer> {
    return this.#present(request, async (record) => {
      await this.#files.write({ ...record, deleteAt: undefined });
      return { ARN: record.arn, Name: record.name };
    });
  }

  async listSecrets(request: SecretRequest<'ListSecrets'>): Promise<Answer> {
    return listPage(await this.#files.list(), request);
  }

  updateSecretVersionStage(request: SecretRequest<'UpdateSecretVersionStage'>): Promise<Answer> {
    return this.#usable(request, async (record) => {
      await this.#files.write(changeStage(record, request, this.#clock.now()));
      return { ARN: record.arn, Name: record.name };
    });
  }

  #alone(name: string, work: (record: SecretRecord | undefined) => Promise<Answer>): Promise<Answer> {
    return this.#serial.run(name, async () => {
      const record = await this.#files.read(name);
      if (record?.deleteAt === undefined || record.deleteAt > this.#clock.now()) return work(record);
      await this.#files.remove(name);
      return work(undefined);
    });
  }

  #present(request: { SecretId: string }, work: (record: SecretRecord) => Promise<Answer>): Promise<Answer> {
    return this.#alone(this.#nameOf(request.SecretId), async (record) => {
      if (record === undefined) throw notFound();
      return work(record);
    });
  }

  #usable(request: { SecretId: string }, work: (record: SecretRecord) => Promise<Answer>): Promise<Answer> {
    return this.#present(request, async (record) => {
      if (record.deleteAt !== undefined) throw markedForDeletion();
      return work(record);
    });
  }

  /** A secret is named by its name or by its ARN, with or without the six characters at the ARN's end. */
  #nameOf(secretId: string): string {
    if (!secretId.startsWith(this.#arnPrefix)) return secretId;
    return secretId.slice(this.#arnPrefix.length).replace(ARN_SUFFIX, '');
  }
}
