import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { handler } from '../../../functions/sign-in-claims/handler.ts';

/** As Cognito sends it (developer guide, "Pre token generation Lambda trigger", version 2). */
const eventOf = (attributes: Record<string, string>): PreTokenGenerationV2TriggerEvent => ({
  version: '2',
  triggerSource: 'TokenGeneration_HostedAuth',
  region: 'eu-central-1',
  userPoolId: 'eu-central-1_abc',
  userName: 'd4f1',
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'client' },
  request: {
    userAttributes: { sub: 'd4f1', email: 'anna@example.org', ...attributes },
    groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [] },
    scopes: ['openid', 'mailhaul/read'],
  },
  response: { claimsAndScopeOverrideDetails: null as never }, // Cognito sends null
});

const claimsOf = async (attributes: Record<string, string>): Promise<unknown> =>
  (await handler(eventOf(attributes))).response.claimsAndScopeOverrideDetails.accessTokenGeneration
    ?.claimsToAddOrOverride;

describe('what a user brings into an access token', () => {
  test('is the tenant that the administrator has entered', async () => {
    expect(await claimsOf({ 'custom:tenant': 'acme' })).toEqual({ tenant: 'acme' });
  });

  test.each([
    ['no tenant', {}],
    ['an empty tenant', { 'custom:tenant': '' }],
    ['a tenant that the API would not take', { 'custom:tenant': 'ac me' }],
  ])('is nothing for a user with %s, whom the API then refuses', async (_what, attributes) => {
    expect(await claimsOf(attributes)).toEqual({});
  });

  test('leaves the rest of the event as it was', async () => {
    const event = eventOf({ 'custom:tenant': 'acme' });
    expect(await handler(event)).toMatchObject({ request: event.request, userPoolId: event.userPoolId });
  });
});
