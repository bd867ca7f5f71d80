import type { ProviderOAuth } from '../provider-profile.ts';

/**
 * `offline_access` is among the scopes. Consent is not asked for again: where an administrator has given it for all,
 * users may not be allowed to. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export const microsoftConsent: ProviderOAuth['consent'] = {
  issuer: 'https://login.microsoftonline.com/{directory}/v2.0',
  identityScopes: ['openid', 'profile', 'email'],
  parameters: {},
};
