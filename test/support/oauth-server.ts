import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { jwtVerify } from 'jose';
import { type Configuration, type InteractionResults, Provider } from 'oidc-provider';
import { freePorts } from './free-ports.ts';
import { MemoryAdapters } from './memory-adapter.ts';

/** What the server answers in place of a token. */
interface Outage {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

/** Somebody in front of the pages of the server. */
interface Visitor {
  readonly account: string;
  readonly answer:
    | 'consents'
    /** Leaves out the permission for mail. */
    | 'consents-in-part'
    | { readonly error: string; readonly description?: string };
}

/**
 * A real OAuth 2.0 server on 127.0.0.1 (oidc-provider), with what tests do to one. Tokens are random words that only it
 * can judge: mail servers ask it about each (RFC 7662).
 */
export interface OAuthServer extends AsyncDisposable {
  readonly tokenUrl: string;
  readonly authorizationUrl: string;
  /** Where Google's grant for service accounts is served, which names no client (RFC 7523 2.1). */
  readonly serviceAccountUrl: string;
  /** For a mail server: with its name and password. */
  readonly introspectionUrl: string;
  /** Opens every mailbox by its own right. */
  readonly application: { readonly clientId: string; readonly clientSecret: string };
  /** The same, and shows who it is by the key of a certificate. */
  readonly certified: { readonly clientId: string; readonly privateKey: string };
  /** As an OpenID provider. */
  readonly issuer: string;
  /** Whom the pages find signed in, and what becomes of the question for consent. */
  visitor: Visitor;
  /** Opens mailboxes by consent of their users; sent back to any port of this machine. */
  readonly delegated: { readonly clientId: string; readonly clientSecret: string };
  /** Acts for any user. */
  readonly serviceAccount: { readonly email: string; readonly privateKey: string };
  readonly scope: 'mail';
  /** Of new access tokens. */
  lifetimeSeconds: number;
  /** Whether each use of a refresh token brings another, and the old one is worth nothing. */
  rotates: boolean;
  outage: Outage | undefined;
  /** Requests for tokens so far: which grant, and how they were answered. */
  readonly requests: ReadonlyArray<{ readonly grant: string; readonly status: number }>;
  /** A user consents; the refresh token that comes of it. */
  consent(user: string): Promise<string>;
  /** A user takes back what it consented to. */
  withdraw(user: string): void;
  /** Every access token that was given out is worth nothing from now on. */
  revokeAccessTokens(): void;
  /** What stands behind a refresh token, for a test that wants to know whether it is the present one. */
  isGood(refreshToken: string): Promise<boolean>;
}

const SCOPE = 'mail';
const MAIL_SERVER = { id: 'mail-server', secret: 'mail-server-secret' };
const REDIRECT_URI = 'http://127.0.0.1/';

export async function startOAuthServer(): Promise<OAuthServer> {
  const [port = 0] = await freePorts(1);
  const issuer = `http://127.0.0.1:${port}`;
  const adapters = new MemoryAdapters();
  const requests: Array<{ grant: string; status: number }> = [];
  const application = { clientId: 'application', clientSecret: 'application-secret-4711' };
  const delegated = { clientId: 'delegated', clientSecret: 'delegated-secret-4711' };
  // one pair for both who sign
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const serviceAccount = { email: 'mover@project.example', privateKey: pem };
  const certified = { clientId: 'certified', privateKey: pem };
  // Not among those of the configuration, which is cloned: in jest, a clone of a key is no object of the same world.
  await adapters.of('Client').upsert(
    certified.clientId,
    {
      client_id: certified.clientId,
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'RSA' }] },
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'private_key_jwt',
      scope: SCOPE,
    },
    Infinity,
  );
  const rules = {
    lifetimeSeconds: 3600,
    rotates: false,
    outage: undefined as Outage | undefined,
    visitor: { account: 'nobody', answer: 'consents' } as Visitor,
  };
  const redirectUris = [REDIRECT_URI, `${REDIRECT_URI}v1/consent/callback/127.0.0.1:${port}`];
  const provider = new Provider(
    issuer,
    configuration({ adapters, application, delegated, rules, redirectUris }),
  );
  const serviceAccountPath = '/service-account/token';

  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith('/interaction/')) {
      const result = await answerOf(
        provider,
        await provider.interactionDetails(ctx.req, ctx.res),
        rules.visitor,
      );
      ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
      return;
    }
    if (ctx.path === '/token' || ctx.path === serviceAccountPath) {
      if (rules.outage !== undefined) {
        ctx.status = rules.outage.status;
        ctx.type = rules.outage.contentType ?? 'application/json';
        ctx.body = rules.outage.body;
        requests.push({ grant: 'outage', status: ctx.status });
        return;
      }
      if (ctx.path === serviceAccountPath) {
        await serveServiceAccount(ctx, provider, {
          ...serviceAccount,
          publicKey,
          url: issuer + serviceAccountPath,
        });
        requests.push({ grant: 'service-account', status: ctx.status });
        return;
      }
    }
    await next();
    if (ctx.path === '/token') {
      const grant = ctx.oidc?.params?.['grant_type'];
      requests.push({ grant: String(grant), status: ctx.status });
    }
  });
  const answer = provider.callback();
  const server = createServer((request, response) => void answer(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    issuer,
    get visitor() {
      return rules.visitor;
    },
    set visitor(visitor) {
      rules.visitor = visitor;
    },
    tokenUrl: `${issuer}/token`,
    authorizationUrl: `${issuer}/auth`,
    serviceAccountUrl: issuer + serviceAccountPath,
    introspectionUrl: `http://${MAIL_SERVER.id}:${MAIL_SERVER.secret}@127.0.0.1:${port}/token/introspection`,
    application,
    certified,
    delegated,
    serviceAccount,
    scope: SCOPE,
    get lifetimeSeconds() {
      return rules.lifetimeSeconds;
    },
    set lifetimeSeconds(seconds) {
      rules.lifetimeSeconds = seconds;
    },
    get rotates() {
      return rules.rotates;
    },
    set rotates(rotates) {
      rules.rotates = rotates;
    },
    get outage() {
      return rules.outage;
    },
    set outage(outage) {
      rules.outage = outage;
    },
    requests,
    async consent(user) {
      const client = await provider.Client.find(delegated.clientId);
      if (client === undefined) throw new Error('There is no such client.');
      const grant = new provider.Grant({ accountId: user, clientId: delegated.clientId });
      grant.addOIDCScope(`${SCOPE} offline_access`);
      const grantId = await grant.save();
      const token = new provider.RefreshToken({
        accountId: user,
        client,
        grantId,
        gty: 'authorization_code',
        scope: `${SCOPE} offline_access`,
        rotations: 0,
        iiat: Math.floor(Date.now() / 1000),
      });
      return token.save();
    },
    withdraw(user) {
      adapters.remove((_model, payload) => payload.accountId === user);
    },
    revokeAccessTokens() {
      adapters.remove((model) => model === 'AccessToken' || model === 'ClientCredentials');
    },
    async isGood(refreshToken) {
      const token = await provider.RefreshToken.find(refreshToken);
      return token !== undefined && token.isValid;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function configuration(parts: {
  readonly adapters: MemoryAdapters;
  readonly application: OAuthServer['application'];
  readonly delegated: OAuthServer['delegated'];
  readonly rules: { lifetimeSeconds: number; rotates: boolean };
  readonly redirectUris: string[];
}): Configuration {
  const { adapters, application, delegated, rules, redirectUris } = parts;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    adapter: adapters.of,
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', kty: 'RSA' }] },
    cookies: { keys: ['of the tests alone'] },
    scopes: ['openid', 'offline_access', SCOPE],
    clients: [
      {
        client_id: application.clientId,
        client_secret: application.clientSecret,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post',
        scope: SCOPE,
      },
      {
        client_id: delegated.clientId,
        client_secret: delegated.clientSecret,
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: redirectUris,
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        client_id: MAIL_SERVER.id,
        client_secret: MAIL_SERVER.secret,
        grant_types: [],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true },
      devInteractions: { enabled: false },
    },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    // as Google and Microsoft do: the identity token itself has the address
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...(sub.includes('@') && { email: sub, email_verified: true }) }),
    }),
    ttl: {
      AccessToken: () => rules.lifetimeSeconds,
      ClientCredentials: () => rules.lifetimeSeconds,
      RefreshToken: 30 * 86_400,
      Grant: 30 * 86_400,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
    },
    rotateRefreshToken: () => rules.rotates,
    pkce: { required: () => true },
  };
}

/** What a visitor answers to a page of the server. */
async function answerOf(
  provider: Provider,
  { prompt, params, session }: Awaited<ReturnType<Provider['interactionDetails']>>,
  { account, answer }: Visitor,
): Promise<InteractionResults> {
  if (typeof answer !== 'string') {
    const { error, description } = answer;
    return { error, ...(description !== undefined && { error_description: description }) };
  }
  if (prompt.name === 'login') return { login: { accountId: account } };
  const grant = new provider.Grant({
    accountId: session?.accountId ?? account,
    clientId: String(params['client_id']),
  });
  const asked = String(params['scope']).split(' ');
  for (const scope of asked) {
    if (scope === SCOPE && answer === 'consents-in-part') grant.rejectOIDCScope(scope);
    else grant.addOIDCScope(scope);
  }
  return { consent: { grantId: await grant.save() } };
}

interface TokenRequest {
  readonly req: AsyncIterable<Buffer>;
  status: number;
  body: unknown;
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest, with the bounds that Google has. */
async function serveServiceAccount(
  ctx: TokenRequest,
  provider: Provider,
  account: { readonly email: string; readonly publicKey: KeyObject; readonly url: string },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of ctx.req) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
  const refuse = (error: string, description: string): void => {
    ctx.status = 400;
    ctx.body = { error, error_description: description };
  };
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return refuse('unsupported_grant_type', 'Invalid grant_type');
  }
  try {
    const { payload } = await jwtVerify(form.get('assertion') ?? '', account.publicKey, {
      issuer: account.email,
      audience: account.url,
      maxTokenAge: 3600,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'iat', 'sub', 'scope'],
    });
    if (payload['scope'] !== SCOPE) {
      return refuse(
        'unauthorized_client',
        'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      );
    }
    const client = await provider.Client.find('delegated');
    if (client === undefined || payload.sub === undefined) throw new Error('no client');
    const token = new provider.AccessToken({
      accountId: payload.sub,
      client,
      gty: 'jwt-bearer',
      scope: SCOPE,
    } as ConstructorParameters<typeof provider.AccessToken>[0]);
    ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration };
  } catch (error) {
    refuse(
      'invalid_grant',
      error instanceof Error && 'code' in error && error.code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'
        ? 'Invalid JWT Signature.'
        : 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    );
  }
}
