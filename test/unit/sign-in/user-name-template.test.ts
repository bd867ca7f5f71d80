import * as fc from 'fast-check';
import { PROVIDERS } from '../../../shared/imap/providers/provider-catalogue.ts';
import { checkTemplate, fillUserName } from '../../../shared/sign-in/user-name-template.ts';

const ann = { user: 'ann@example.org', admin: 'chief' };

describe('the name by which an administrator signs in for a user', () => {
  test.each([
    ['{user}*{admin}', 'ann@example.org*chief'],
    ['{domain}/{admin}/{local}', 'example.org/chief/ann'],
    ['EXAMPLE\\{admin}\\{local}', 'EXAMPLE\\chief\\ann'],
    ['#{local}@{domain}#{admin}#', '#ann@example.org#chief#'],
    ['{admin}+{user}', 'chief+ann@example.org'],
  ])('%s is %s', (template, name) => {
    expect(() => checkTemplate(template)).not.toThrow();
    expect(fillUserName(template, ann)).toBe(name);
  });

  test('a user without a domain is whole', () => {
    expect(fillUserName('{user}|{local}*{admin}', { user: 'ann', admin: 'chief' })).toBe('ann|ann*chief');
  });

  test('what a name holds is no template', () => {
    expect(fillUserName('{user}*{admin}', { user: '{admin}', admin: '{user}$&' })).toBe('{admin}*{user}$&');
  });

  test.each([
    ['{user}*{boss}', 'unknown-part'],
    ['{user}*{admin', 'part-not-closed'],
    ['user}*{admin}', 'part-not-closed'],
    ['{}*{admin}{user}', 'unknown-part'],
    ['*{admin}', 'user-missing'],
    ['{domain}/{admin}', 'user-missing'],
    ['{user}*', 'administrator-missing'],
  ])('%s is refused: %s', (template, problem) => {
    expect(() => checkTemplate(template)).toThrow(
      expect.objectContaining({ code: 'sign-in-name-invalid', problem, retryable: false }),
    );
  });

  test('a domain that the user does not have cannot be made up', () => {
    expect(() => fillUserName('{domain}/{admin}/{local}', { user: 'ann', admin: 'chief' })).toThrow(
      expect.objectContaining({ problem: 'domain-missing', reason: 'sign-in-name-invalid' }),
    );
  });

  test('a name is no longer than a login name may be', () => {
    expect(() => fillUserName('{user}{user}*{admin}', { user: 'a'.repeat(200), admin: 'chief' })).toThrow(
      expect.objectContaining({ problem: 'too-long' }),
    );
  });

  test('names of every kind come out as they went in', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (user, admin) => {
        expect(fillUserName('{user}*{admin}', { user, admin })).toBe(`${user}*${admin}`);
      }),
    );
  });

  test.each(
    PROVIDERS.flatMap(({ id, administratorUser }) => (administratorUser ? [[id, administratorUser]] : [])),
  )('the form of %s is one: %s', (_id, template) => expect(() => checkTemplate(template)).not.toThrow());
});
