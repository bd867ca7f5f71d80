import type { ImapCredential, ImapEndpoint } from '../../../shared/imap/session/imap-endpoint.ts';
import { chooseSignIn } from '../../../shared/imap/session/sign-in-method.ts';

const endpoint: ImapEndpoint = { host: 'imap.test', port: 993, security: 'tls' };
const ann: ImapCredential = { kind: 'password', user: 'ann', password: 'hunter22' };

const choose = (credential: ImapCredential, ...capabilities: string[]) =>
  chooseSignIn(credential, new Set(['IMAP4REV1', ...capabilities]), endpoint);

describe('how to sign in', () => {
  test('an authorisation identity demands SASL PLAIN', () => {
    const acting: ImapCredential = { ...ann, user: 'admin', authorizeAs: 'ann' };
    expect(choose(acting, 'AUTH=PLAIN', 'AUTH=LOGIN')).toEqual({
      user: 'admin',
      pass: 'hunter22',
      authzid: 'ann',
      loginMethod: 'AUTH=PLAIN',
    });
    expect(() => choose(acting, 'AUTH=LOGIN')).toThrow(
      expect.objectContaining({ code: 'authentication-failed' }),
    );
  });

  test('what fits into a quoted string goes by LOGIN, which takes one round trip', () => {
    const login = { user: 'ann', pass: 'hunter22', loginMethod: 'LOGIN' };
    expect(choose(ann)).toEqual(login);
    expect(choose(ann, 'AUTH=PLAIN', 'AUTH=LOGIN', 'SASL-IR')).toEqual(login);
    expect(choose({ ...ann, password: ' "\\~' }, 'AUTH=PLAIN')).toMatchObject({ loginMethod: 'LOGIN' });
  });

  test.each([
    [{ ...ann, user: 'jörg' }],
    [{ ...ann, password: 'wörd' }],
    [{ ...ann, password: 'a\tb' }],
    [{ ...ann, password: 'a\x7fb' }],
  ])('what does not goes by SASL where the server has it: %j', (credential) => {
    expect(choose(credential, 'AUTH=PLAIN')).not.toHaveProperty('loginMethod');
    expect(choose(credential, 'AUTH=PLAIN', 'LOGINDISABLED')).toMatchObject({ loginMethod: 'AUTH=PLAIN' });
  });

  test('where LOGIN is switched off, SASL is used even for names that imapflow would send by LOGIN', () => {
    const exchange: ImapCredential = { ...ann, user: 'EXAMPLE\\admin\\ann' };
    expect(choose(exchange, 'LOGINDISABLED', 'AUTH=PLAIN')).toMatchObject({ loginMethod: 'AUTH=PLAIN' });
    expect(choose(exchange, 'AUTH=PLAIN')).toMatchObject({ loginMethod: 'LOGIN' });
  });

  test('a server that takes no passwords says so before one is sent', () => {
    expect(() => choose(ann, 'LOGINDISABLED', 'AUTH=XOAUTH2')).toThrow('does not take passwords');
  });

  test('a token needs a server that takes tokens', () => {
    const token: ImapCredential = { kind: 'oauth', user: 'ann', accessToken: 'ya29' };
    expect(choose(token, 'AUTH=XOAUTH2')).toEqual({ user: 'ann', accessToken: 'ya29' });
    expect(() => choose(token, 'AUTH=PLAIN')).toThrow('OAuth 2.0');
  });

  test.each(['a\0b', 'a\r\nb'])('%j can be no part of a password: it would end the field', (password) => {
    expect(() => choose({ ...ann, password }, 'AUTH=PLAIN')).toThrow(
      expect.objectContaining({ reason: 'authentication-failed' }),
    );
  });

  test('nothing to sign in with is a missing credential', () => {
    expect(() => choose({ ...ann, password: '' })).toThrow(
      expect.objectContaining({ reason: 'credential-missing' }),
    );
  });
});
