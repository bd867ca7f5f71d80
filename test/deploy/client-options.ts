import type { CloudEndpoint } from './cloud-endpoint.ts';
import { EMULATOR_CREDENTIALS } from './emulator-credentials.ts';

/** For the SDK's clients. Of an endpoint that was given, the SDK finds the credentials as it always does. */
export function clientOptions({ url, region, emulated }: CloudEndpoint) {
  return { endpoint: url, region, ...(emulated && { credentials: EMULATOR_CREDENTIALS }) };
}
