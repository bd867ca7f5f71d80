import type { ProviderRefusals } from '../../known-refusal.ts';
import { serverBusy, tooManyConnections } from './common-refusals.ts';

/** iCloud says BAD and not NO when its back end is away, which is no complaint about the command. */
export const icloudRefusals: ProviderRefusals = {
  signIn: 'icloud-sign-in',
  texts: [tooManyConnections, serverBusy],
};
