import type { CloudEndpoint } from './cloud-endpoint.ts';
import { startEmulator } from './start-emulator.ts';

/** The endpoint that `AWS_ENDPOINT_URL` names, with the credentials beside it; else an emulator started for this test. */
export async function openCloudEndpoint(): Promise<CloudEndpoint> {
  const url = process.env['AWS_ENDPOINT_URL'];
  if (url === undefined || url === '') return await startEmulator();
  return {
    url,
    region: process.env['AWS_REGION'] ?? 'us-east-1',
    env: process.env,
    emulated: false,
    keepLog: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}
