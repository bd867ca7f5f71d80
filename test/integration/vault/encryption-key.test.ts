import { createVault } from '../../../shared/vault/vault.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { vaultEntries } from '../../support/vault-entries.ts';

describe('secrets are encrypted', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud();
  });
  afterAll(() => cloud?.close());

  /** The keys that secrets are made with when credentials are stored. */
  const keysUsed = async (encryptionKey?: string): Promise<unknown[]> => {
    const clients = cloud.clients();
    const keys: unknown[] = [];
    clients.secrets.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName === 'CreateSecretCommand') keys.push(Object(args.input)['KmsKeyId']);
        return next(args);
      },
      { step: 'initialize' },
    );
    const vault = createVault(clients.secrets, { prefix: 'mailhaul/', encryptionKey, state: cloud.state() });
    await vault.putMailboxes(cloud.tenant(), 'm1', vaultEntries(2));
    return keys;
  };

  test('with the key that the operator has', async () => {
    const key = 'arn:aws:kms:eu-central-1:123456789012:key/1';
    expect(await keysUsed(key)).toEqual([key]);
  });

  test('with the account’s own key where there is no other', async () => {
    expect(await keysUsed()).toEqual([undefined]);
  });
});
