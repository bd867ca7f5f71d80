import { createHash, randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { z } from 'zod';
import { clientOptions } from './client-options.ts';
import type { CloudEndpoint } from './cloud-endpoint.ts';
import type { DeployedCloud } from './deploy-cloud.ts';
import { SignInFailedError } from './errors.ts';

/** The first of the addresses that the pool's client may lead back to; nobody listens there, and nobody need. */
const CALLBACK = 'http://localhost:8025/signed-in';
const tokenSchema = z.object({ access_token: z.string() });

/**
 * Makes a user of a tenant as an operator does, and signs in as the console does: Cognito's pages, authorization code
 * with PKCE (RFC 7636).
 * @returns the access token
 * @throws SignInFailedError
 */
export async function signIn(
  endpoint: CloudEndpoint,
  cloud: DeployedCloud,
  user: { readonly email: string; readonly password: string; readonly tenant: string },
): Promise<string> {
  await makeUser(endpoint, cloud, user);
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: cloud.clientId,
    redirect_uri: CALLBACK,
    scope: 'openid mailhaul/read mailhaul/write',
    state: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const form = await send('the form', `${endpoint.url}/oauth2/authorize?${query.toString()}`);
  const answer = await send('the password', `${endpoint.url}/login`, {
    ...hiddenFields(form.text),
    username: user.email,
    password: user.password,
  });
  const back = new URL(answer.location ?? CALLBACK);
  const code = back.searchParams.get('code');
  if (code === null || back.searchParams.get('state') !== query.get('state')) {
    throw new SignInFailedError('the code', answer.status, answer.text);
  }
  const token = await send('the token', `${endpoint.url}/oauth2/token`, {
    grant_type: 'authorization_code',
    client_id: cloud.clientId,
    redirect_uri: CALLBACK,
    code,
    code_verifier: verifier,
  });
  return tokenSchema.parse(JSON.parse(token.text)).access_token;
}

async function makeUser(
  endpoint: CloudEndpoint,
  { userPoolId }: DeployedCloud,
  user: { readonly email: string; readonly password: string; readonly tenant: string },
): Promise<void> {
  const client = new CognitoIdentityProviderClient(clientOptions(endpoint));
  const who = { UserPoolId: userPoolId, Username: user.email };
  await client.send(
    new AdminCreateUserCommand({
      ...who,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: user.email },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'custom:tenant', Value: user.tenant },
      ],
    }),
  );
  await client.send(new AdminSetUserPasswordCommand({ ...who, Password: user.password, Permanent: true }));
  client.destroy();
}

async function send(step: string, url: string, form?: Readonly<Record<string, string>>) {
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
    ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
  });
  const text = await response.text();
  if (response.status >= 400) throw new SignInFailedError(step, response.status, text);
  return { status: response.status, text, location: response.headers.get('location') };
}

function hiddenFields(page: string): Record<string, string> {
  const inputs = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
}
