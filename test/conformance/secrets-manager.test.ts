import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { eventually } from '../support/eventually.ts';
import { type CloudUnderTest, cloudUnderTest } from './cloud-under-test.ts';

describe('Secrets Manager', () => {
  let cloud: CloudUnderTest;
  let client: SecretsManagerClient;
  const names: string[] = [];

  beforeAll(async () => {
    cloud = await cloudUnderTest('SECRETS_MANAGER');
    client = new SecretsManagerClient(cloud.connection);
  });

  afterAll(async () => {
    for (const SecretId of names) {
      await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    }
    client.destroy();
    await cloud[Symbol.asyncDispose]();
  });

  function freshName(): string {
    const name = `mailhaul-conformance/${cloud.run}/${names.length}`;
    names.push(name);
    return name;
  }

  async function create(text: string): Promise<{ name: string; version: string; arn: string }> {
    const name = freshName();
    const answer = await client.send(new CreateSecretCommand({ Name: name, SecretString: text }));
    return { name, version: answer.VersionId ?? '', arn: answer.ARN ?? '' };
  }

  async function current(SecretId: string): Promise<string | undefined> {
    return (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  }

  test('gives a secret back by its name and by its ARN', async () => {
    const { name, arn, version } = await create('hush');
    for (const SecretId of [name, arn]) {
      const answer = await client.send(new GetSecretValueCommand({ SecretId }));
      expect(answer).toMatchObject({
        Name: name,
        ARN: arn,
        VersionId: version,
        SecretString: 'hush',
        VersionStages: ['AWSCURRENT'],
      });
      expect(answer.CreatedDate).toBeInstanceOf(Date);
    }
  });

  test('keeps bytes as they were', async () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, n) => n % 256);
    const Name = freshName();
    await client.send(new CreateSecretCommand({ Name, SecretBinary: bytes }));
    const answer = await client.send(new GetSecretValueCommand({ SecretId: Name }));
    expect(Buffer.from(answer.SecretBinary ?? [])).toEqual(Buffer.from(bytes));
    expect(answer.SecretString).toBeUndefined();
  });

  test('a name that is taken is refused, but the same request again is not', async () => {
    const Name = freshName();
    const request = { Name, SecretString: 'one', ClientRequestToken: randomUUID() };
    const first = await client.send(new CreateSecretCommand(request));
    const again = await client.send(new CreateSecretCommand(request));
    expect(again.VersionId).toBe(first.VersionId);
    await expect(client.send(new CreateSecretCommand({ Name, SecretString: 'two' }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
    expect(await current(Name)).toBe('one');
  });

  test('what does not exist is named by its error, whatever is asked of it', async () => {
    const SecretId = `mailhaul-conformance/${cloud.run}/never`;
    const asked = [
      client.send(new GetSecretValueCommand({ SecretId })),
      client.send(new DescribeSecretCommand({ SecretId })),
      client.send(new PutSecretValueCommand({ SecretId, SecretString: 'x' })),
      client.send(new UpdateSecretCommand({ SecretId, SecretString: 'x' })),
    ];
    for (const one of await Promise.allSettled(asked)) {
      expect(one).toMatchObject({ status: 'rejected', reason: { name: 'ResourceNotFoundException' } });
    }
  });

  test('a new value becomes current, and the one before stays as the previous', async () => {
    const { name, version } = await create('one');
    const put = await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'two' }));
    expect(put.VersionStages).toEqual(['AWSCURRENT']);
    expect(await current(name)).toBe('two');
    const previous = await client.send(
      new GetSecretValueCommand({ SecretId: name, VersionStage: 'AWSPREVIOUS' }),
    );
    expect(previous).toMatchObject({ SecretString: 'one', VersionId: version });
    const byId = await client.send(new GetSecretValueCommand({ SecretId: name, VersionId: version }));
    expect(byId.SecretString).toBe('one');
  });

  test('the same put again changes nothing; its token with another value is refused', async () => {
    const { name } = await create('one');
    const request = { SecretId: name, SecretString: 'two', ClientRequestToken: randomUUID() };
    const first = await client.send(new PutSecretValueCommand(request));
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'three' }));
    const again = await client.send(new PutSecretValueCommand(request));
    expect(again.VersionId).toBe(first.VersionId);
    expect(await current(name)).toBe('three');
    await expect(
      client.send(new PutSecretValueCommand({ ...request, SecretString: 'four' })),
    ).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  test('an update replaces the value and the description', async () => {
    const { name } = await create('one');
    await client.send(new UpdateSecretCommand({ SecretId: name, SecretString: 'two', Description: 'shard' }));
    expect(await current(name)).toBe('two');
    expect(await client.send(new DescribeSecretCommand({ SecretId: name }))).toMatchObject({
      Name: name,
      Description: 'shard',
    });
  });

  test('a version that does not exist, or does not carry the label, is refused', async () => {
    const { name, version } = await create('one');
    const get = (options: { VersionId?: string; VersionStage?: string }): Promise<unknown> =>
      client.send(new GetSecretValueCommand({ SecretId: name, ...options }));
    await expect(get({ VersionId: randomUUID() })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(get({ VersionStage: 'NOWHERE' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(get({ VersionId: version, VersionStage: 'OTHER' })).rejects.toMatchObject({
      name: expect.stringMatching(/InvalidRequestException|ResourceNotFoundException/),
    });
  });

  test('a label moves only away from the version that it is said to be on', async () => {
    const { name, version: one } = await create('one');
    const pending = { SecretId: name, VersionStages: ['PENDING'] };
    const two = await client.send(new PutSecretValueCommand({ ...pending, SecretString: 'two' }));
    const move = (
      RemoveFromVersionId: string | undefined,
      MoveToVersionId: string | undefined,
    ): Promise<unknown> =>
      client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: name,
          VersionStage: 'AWSCURRENT',
          RemoveFromVersionId,
          MoveToVersionId,
        }),
      );
    expect(await current(name)).toBe('one');
    for (const wrong of [undefined, two.VersionId]) {
      await expect(move(wrong, two.VersionId)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    expect(await current(name)).toBe('one');
    await move(one, two.VersionId);
    expect(await current(name)).toBe('two');
    const described = await client.send(new DescribeSecretCommand({ SecretId: name }));
    expect(described.VersionIdsToStages?.[one]).toEqual(['AWSPREVIOUS']);
    expect(described.VersionIdsToStages?.[two.VersionId ?? '']).toEqual(
      expect.arrayContaining(['AWSCURRENT', 'PENDING']),
    );
  });

  test('a value of 65,536 bytes is kept, one byte more is refused', async () => {
    const { name } = await create('ż'.repeat(32_768));
    expect(await current(name)).toBe('ż'.repeat(32_768));
    await expect(
      client.send(new PutSecretValueCommand({ SecretId: name, SecretString: `${'ż'.repeat(32_768)}x` })),
    ).rejects.toMatchObject({ name: expect.stringMatching(/ValidationException|LimitExceededException/) });
    await expect(
      client.send(new CreateSecretCommand({ Name: freshName(), SecretBinary: new Uint8Array(65_537) })),
    ).rejects.toMatchObject({ name: expect.stringMatching(/ValidationException|LimitExceededException/) });
  });

  test('both kinds of value at once, or none, are refused', async () => {
    const { name: SecretId } = await create('one');
    await expect(client.send(new PutSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: expect.stringMatching(/InvalidRequestException|InvalidParameterException/),
    });
    await expect(
      client.send(
        new PutSecretValueCommand({ SecretId, SecretString: 'x', SecretBinary: new Uint8Array(1) }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('a deletion without recovery is at once, may be repeated, and frees the name', async () => {
    const { name: SecretId } = await create('one');
    const remove = new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true });
    await client.send(remove);
    await expect(current(SecretId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await client.send(remove);
    const again = await eventually('the name can be used again', () =>
      client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'two' })),
    );
    expect(again.Name).toBe(SecretId);
    expect(await current(SecretId)).toBe('two');
  });

  test('a deletion with recovery hides the secret and keeps its name', async () => {
    const { name: SecretId } = await create('one');
    await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    await expect(current(SecretId)).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await expect(
      client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'two' })),
    ).rejects.toMatchObject({ name: 'InvalidRequestException' });
    expect((await client.send(new DescribeSecretCommand({ SecretId }))).DeletedDate).toBeInstanceOf(Date);
  });

  test('a recovery window outside 7 to 30 days, or beside an immediate deletion, is refused', async () => {
    const { name: SecretId } = await create('one');
    for (const options of [
      { RecoveryWindowInDays: 6 },
      { RecoveryWindowInDays: 31 },
      { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true },
    ]) {
      await expect(client.send(new DeleteSecretCommand({ SecretId, ...options }))).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    }
    expect(await current(SecretId)).toBe('one');
  });

  test('lists by the beginning of the name, page by page, each once', async () => {
    const prefix = `mailhaul-conformance/${cloud.run}/list/`;
    const made = Array.from({ length: 5 }, (_, n) => `${prefix}${n}`);
    for (const Name of made) {
      names.push(Name);
      await client.send(new CreateSecretCommand({ Name, SecretString: 'x' }));
    }
    await create('beside');
    const list = async (): Promise<string[]> => {
      const found: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(
          new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [prefix] }], MaxResults: 2, NextToken }),
        );
        found.push(...(page.SecretList ?? []).map((secret) => secret.Name ?? ''));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return found;
    };
    const found = await eventually('the list holds them all', async () => {
      const seen = await list();
      return seen.length >= made.length && seen;
    });
    expect(found.toSorted()).toEqual(made);
  });
});
