import { profileById } from '../imap/providers/provider-catalogue.ts';
import type { ProviderProfile } from '../imap/providers/provider-profile.ts';
import { invalidBody } from './parse-request.ts';

/** @throws ProblemError request-invalid when nobody is known by this id */
export function requireProvider(id: string): ProviderProfile {
  const profile = profileById(id);
  if (profile === undefined)
    throw invalidBody('#/provider', 'There is no such provider: see GET /v1/providers');
  return profile;
}
