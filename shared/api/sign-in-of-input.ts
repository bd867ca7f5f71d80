import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { ProviderProfile } from '../imap/providers/provider-profile.ts';
import { endpointUrl } from '../oauth/post-form.ts';
import { TokenError } from '../oauth/errors.ts';
import { UserNameError } from '../sign-in/errors.ts';
import { checkTemplate, USUAL_TEMPLATE } from '../sign-in/user-name-template.ts';
import type { OAuthSignInRecord, SignInRecord } from '../state/sign-in-record.ts';
import type { ServiceSecret } from '../vault/vault.ts';
import { invalidBody } from './parse-request.ts';
import type { SignInInput } from './schemas/sign-in-schema.ts';

/** What is stored of a sign-in, in the table and in the vault. */
export interface StoredSignIn {
  readonly signIn: SignInRecord;
  readonly service: ServiceSecret | undefined;
}

interface Surroundings {
  /** Of the server: its form of an administrator's name, and where its tokens come from. */
  readonly profile: ProviderProfile;
  readonly allowPrivate: boolean;
  /** What the same server had before: a secret that is not given again stays. */
  readonly before?: StoredSignIn | undefined;
}

type OAuthInput = Extract<SignInInput, { kind: 'oauth' }>;

/** @throws ProblemError request-invalid */
export function signInOfInput(input: SignInInput, surroundings: Surroundings): StoredSignIn {
  switch (input.kind) {
    case 'user-password':
      return { signIn: { kind: 'user-password' }, service: undefined };
    case 'administrator':
      return administratorOf(input, surroundings);
    case 'oauth':
      return oauthOf(input, surroundings);
  }
}

function administratorOf(
  input: Extract<SignInInput, { kind: 'administrator' }>,
  { profile, before }: Surroundings,
): StoredSignIn {
  const { user, password } = input;
  const known = profile.administratorUser;
  const form =
    input.form ??
    (input.template === undefined && known === undefined && profile.authorizationIdentity === true
      ? 'plain-authzid'
      : 'master-user');
  const same = before?.signIn.kind === 'administrator' && before.signIn.user === user;
  const service: ServiceSecret | undefined =
    password === undefined ? (same ? before.service : undefined) : { kind: 'password', password };
  if (service === undefined) throw invalidBody('#/signIn/password', 'Give the password');
  if (form === 'plain-authzid') {
    if (input.template !== undefined) {
      throw invalidBody('#/signIn/template', 'SASL PLAIN carries both names by itself: leave it out');
    }
    return { signIn: { kind: 'administrator', user, form, secret: true }, service };
  }
  const template = input.template ?? known ?? USUAL_TEMPLATE;
  try {
    checkTemplate(template);
  } catch (error) {
    if (!(error instanceof UserNameError)) throw error;
    throw invalidBody('#/signIn/template', error.message);
  }
  return { signIn: { kind: 'administrator', user, form, template, secret: true }, service };
}

function oauthOf(input: OAuthInput, surroundings: Surroundings): StoredSignIn {
  const { before } = surroundings;
  const stored =
    before?.signIn.kind === 'oauth' && before.signIn.grant === input.grant
      ? { signIn: before.signIn, service: before.service }
      : undefined;
  const given = serviceOf(input);
  const service = given ?? stored?.service;
  if (service === undefined && input.grant !== 'refresh-token') {
    const [place, what] =
      input.grant === 'service-account'
        ? ['key', 'the key of the service account']
        : ['clientSecret', 'the secret of the application, or a certificate'];
    throw invalidBody(`#/signIn/${place}`, `Give ${what}`);
  }
  const clientId =
    input.grant === 'service-account'
      ? (input.key?.client_email ?? stored?.signIn.clientId ?? '')
      : input.clientId;
  const signIn: OAuthSignInRecord = {
    kind: 'oauth',
    grant: input.grant,
    clientId,
    ...placesOf(input, surroundings),
    secret: service !== undefined,
  };
  // What is stored goes only where it went before.
  const elsewhere = stored?.signIn.tokenUrl !== signIn.tokenUrl || stored.signIn.clientId !== clientId;
  if (given === undefined && service !== undefined && elsewhere) {
    throw invalidBody('#/signIn', 'Give the secret again: the application or the service is another one');
  }
  return { signIn, service };
}

/** What the provider's profile says, unless it is given. */
function placesOf(
  input: OAuthInput,
  { profile, allowPrivate }: Surroundings,
): Pick<OAuthSignInRecord, 'tokenUrl' | 'authorizationUrl' | 'issuer' | 'scopes'> {
  const { oauth } = profile;
  const own = input.grant === 'service-account' ? input.key?.token_uri : undefined;
  const directory =
    (input.grant === 'service-account' ? undefined : input.directory) ??
    (input.grant === 'refresh-token' ? oauth?.directory : undefined);
  const place = (
    name: 'tokenUrl' | 'authorizationUrl',
    given: string | undefined,
    known: string | undefined,
  ) => {
    if (given === undefined && known?.includes('{directory}') === true && directory === undefined) {
      throw invalidBody('#/signIn/directory', 'Give the directory of the organisation');
    }
    const text = given ?? known?.replace('{directory}', directory ?? '');
    if (text === undefined) {
      throw invalidBody(
        `#/signIn/endpoints/${name}`,
        'Give the address: this provider has none that is known',
      );
    }
    try {
      return endpointUrl(text, { allowPrivate }).href;
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      throw invalidBody(`#/signIn/endpoints/${name}`, error.message);
    }
  };
  const scopes = input.scopes ?? oauth?.scopes[input.grant];
  if (scopes === undefined) {
    throw invalidBody(
      '#/signIn/scopes',
      'Give the scopes: this provider has none that are known for this grant',
    );
  }
  const consents =
    input.grant === 'refresh-token' &&
    (input.endpoints?.authorizationUrl !== undefined || oauth !== undefined);
  return {
    tokenUrl: place('tokenUrl', input.endpoints?.tokenUrl ?? own, oauth?.tokenUrl),
    ...(consents && {
      authorizationUrl: place('authorizationUrl', input.endpoints?.authorizationUrl, oauth?.authorizationUrl),
    }),
    ...(consents && input.endpoints?.issuer !== undefined && { issuer: input.endpoints.issuer }),
    scopes,
  };
}

function serviceOf(input: OAuthInput): ServiceSecret | undefined {
  if (input.grant === 'service-account') {
    if (input.key === undefined) return undefined;
    const { private_key: key, private_key_id: keyId } = input.key;
    return {
      kind: 'private-key',
      privateKey: pkcs8(privateKeyOf(key, '#/signIn/key/private_key')),
      ...(keyId === undefined ? {} : { keyId }),
    };
  }
  const { clientSecret } = input;
  const certificate = input.grant === 'client-credentials' ? input.certificate : undefined;
  if (certificate === undefined) {
    return clientSecret === undefined ? undefined : { kind: 'client-secret', clientSecret };
  }
  if (clientSecret !== undefined) {
    throw invalidBody('#/signIn/clientSecret', 'Give either a secret or a certificate');
  }
  const key = privateKeyOf(certificate.privateKey, '#/signIn/certificate/privateKey');
  const thumbprint = thumbprintOf(certificate.certificate, key);
  return { kind: 'private-key', privateKey: pkcs8(key), thumbprint };
}

function privateKeyOf(pem: string, pointer: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // what the parser says is not for others
  }
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw invalidBody(pointer, 'Give an RSA key in PEM form, without a passphrase');
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** SHA-256 over the DER form, base64url (RFC 7515 4.1.8). */
function thumbprintOf(pem: string, key: KeyObject): string {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw invalidBody('#/signIn/certificate/certificate', 'Give a certificate in PEM form');
  }
  if (!certificate.checkPrivateKey(key)) {
    throw invalidBody('#/signIn/certificate/privateKey', 'The key does not belong to the certificate');
  }
  return Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}
