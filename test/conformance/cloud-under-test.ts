import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '../../infra/local/local-cloud.ts';

type Service = 'DYNAMODB' | 'SQS' | 'SECRETS_MANAGER';

/** What a client of the service under test is made with. */
interface Connection {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The service that the conformance suite talks to. */
export interface CloudUnderTest extends AsyncDisposable {
  readonly connection: Connection;
  /** Goes into every name the suite makes, so that runs against a shared cloud do not meet. */
  readonly run: string;
}

/**
 * The endpoint that the environment names (AWS_ENDPOINT_URL_<SERVICE>, or AWS_ENDPOINT_URL for all), with the SDK's
 * own credentials; without one, the embedded service.
 */
export async function cloudUnderTest(service: Service): Promise<CloudUnderTest> {
  const run = randomUUID().slice(0, 8);
  const endpoint = process.env[`AWS_ENDPOINT_URL_${service}`] ?? process.env['AWS_ENDPOINT_URL'];
  if (endpoint !== undefined) {
    const region = process.env['AWS_REGION'] ?? 'us-east-1';
    return { run, connection: { region, endpoint }, [Symbol.asyncDispose]: async () => undefined };
  }
  const stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-conformance-'));
  const cloud = await startLocalCloud({ stateDir });
  return {
    run,
    connection: connectionOf(cloud, service),
    [Symbol.asyncDispose]: async () => {
      await cloud.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

function connectionOf(cloud: LocalCloud, service: Service): Connection {
  return {
    region: cloud.environment['AWS_REGION'] ?? '',
    endpoint: cloud.environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
    credentials: cloud.credentials,
  };
}
