import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { tenantSchema } from '../../shared/api/caller.ts';

/** Attributes that a pool adds to the standard ones are named so. */
const TENANT_ATTRIBUTE = 'custom:tenant';

/**
 * Called by the user pool whenever it makes tokens: puts the user's tenant into the access token, which carries none of
 * a user's attributes by itself. Users cannot change that attribute. One without a tenant may sign in, and the API
 * then answers that the token names none.
 * (Cognito developer guide, "Pre token generation Lambda trigger", event version 2.)
 */
export async function handler(
  event: PreTokenGenerationV2TriggerEvent,
): Promise<PreTokenGenerationV2TriggerEvent> {
  const tenant = tenantSchema.safeParse(event.request.userAttributes[TENANT_ATTRIBUTE]);
  const claims = tenant.success ? { tenant: tenant.data } : {};
  return {
    ...event,
    response: {
      ...event.response,
      claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: claims } },
    },
  };
}
