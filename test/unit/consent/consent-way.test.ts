import { consentWayOf, isGranted, redirectUriOf } from '../../../shared/consent/consent-way.ts';
import { PROVIDERS } from '../../../shared/imap/providers/provider-catalogue.ts';
import type { ConsentSignIn } from '../../../shared/sign-in/needed-secrets.ts';

const profile = (id: string) => {
  const found = PROVIDERS.find((provider) => provider.id === id);
  if (found === undefined) throw new Error(`no provider ${id}`);
  return found;
};

const signIn = (fields: Partial<ConsentSignIn> & Pick<ConsentSignIn, 'authorizationUrl' | 'tokenUrl'>) =>
  ({
    kind: 'oauth',
    grant: 'refresh-token',
    clientId: 'x',
    scopes: [],
    secret: false,
    ...fields,
  }) as ConsentSignIn;

const GOOGLE = signIn({
  authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenUrl: 'https://oauth2.googleapis.com/token',
  scopes: ['https://mail.google.com/'],
});
const MICROSOFT = signIn({
  authorizationUrl: 'https://login.microsoftonline.com/consumers/oauth2/v2.0/authorize',
  tokenUrl: 'https://login.microsoftonline.com/consumers/oauth2/v2.0/token',
  scopes: ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access'],
});

describe('how users are asked', () => {
  test('at Google: for access that lasts, each time', () => {
    expect(consentWayOf(GOOGLE, profile('gmail'))).toEqual({
      issuer: 'https://accounts.google.com',
      scopes: ['https://mail.google.com/', 'openid', 'email'],
      parameters: { access_type: 'offline', prompt: 'consent' },
    });
  });

  test('at Microsoft: without a question that an administrator has answered already', () => {
    expect(consentWayOf(MICROSOFT, profile('outlook'))).toEqual({
      issuer: 'https://login.microsoftonline.com/{directory}/v2.0',
      scopes: [
        'https://outlook.office.com/IMAP.AccessAsUser.All',
        'offline_access',
        'openid',
        'profile',
        'email',
      ],
      parameters: {},
    });
  });

  test('at a service of their own, though the mail is a provider’s: as it says, and nothing more', () => {
    const own = signIn({
      authorizationUrl: 'https://login.partner.example/authorize',
      tokenUrl: 'https://login.partner.example/token',
      scopes: ['mail', 'offline_access'],
    });
    expect(consentWayOf(own, profile('exchange-online'))).toEqual({
      issuer: undefined,
      scopes: ['mail', 'offline_access'],
      parameters: { prompt: 'consent' },
    });
    expect(
      consentWayOf({ ...own, issuer: 'https://login.partner.example' }, profile('exchange-online')),
    ).toMatchObject({
      issuer: 'https://login.partner.example',
      scopes: ['mail', 'offline_access', 'openid', 'email'],
    });
    // a token endpoint elsewhere is not the provider's, wherever users are sent
    const mixed = { ...MICROSOFT, tokenUrl: 'https://evil.example/token' };
    expect(consentWayOf(mixed, profile('outlook')).issuer).toBeUndefined();
  });

  test('and each service sends them back to an address of its own', () => {
    const uris = [GOOGLE, MICROSOFT].map((each) => redirectUriOf('https://move.example.org', each));
    expect(uris).toEqual([
      'https://move.example.org/v1/consent/callback/oauth2.googleapis.com',
      'https://move.example.org/v1/consent/callback/login.microsoftonline.com',
    ]);
  });
});

test.each([
  [['https://mail.google.com/'], ['openid', 'https://mail.google.com/'], true],
  [['https://mail.google.com/'], ['openid', 'https://www.googleapis.com/auth/userinfo.email'], false],
  [MICROSOFT.scopes, ['https://outlook.office365.com/IMAP.AccessAsUser.All'], true],
  [MICROSOFT.scopes, ['imap.accessasuser.all'], true],
  [MICROSOFT.scopes, ['https://outlook.office.com/SMTP.Send'], false],
  [['mail'], undefined, true],
  [['mail'], [], false],
])('what was wanted, %j, was granted with %j: %j', (wanted, granted, expected) => {
  expect(isGranted(wanted, granted)).toBe(expected);
});
