import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SECRET_PREFIX } from '../../infra/resources.ts';
import { clientOptions } from './client-options.ts';
import type { CloudEndpoint } from './cloud-endpoint.ts';
import { STAGE } from './deploy-cloud.ts';

/** The secrets that the deployed functions keep. */
export async function secretNames(endpoint: CloudEndpoint): Promise<readonly string[]> {
  const client = new SecretsManagerClient(clientOptions(endpoint));
  const { SecretList = [] } = await client.send(
    new ListSecretsCommand({
      Filters: [{ Key: 'name', Values: [`${SECRET_PREFIX}${STAGE}/`] }],
      IncludePlannedDeletion: true,
    }),
  );
  client.destroy();
  return SecretList.map(({ Name = '' }) => Name);
}
