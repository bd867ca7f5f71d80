import type { ProviderOAuth } from '../provider-profile.ts';

/**
 * Google gives a refresh token only for access that goes on without the user, and only the first time unless consent is
 * asked for again: https://developers.google.com/identity/protocols/oauth2/web-server
 */
export const googleConsent: ProviderOAuth['consent'] = {
  issuer: 'https://accounts.google.com',
  identityScopes: ['openid', 'email'],
  parameters: { access_type: 'offline', prompt: 'consent' },
};
