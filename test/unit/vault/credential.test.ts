import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  formatServiceSecret,
  formatShard,
  type MailboxCredential,
  parseServiceSecret,
  parseShard,
} from '../../../shared/vault/credential.ts';
import { SecretCorruptError } from '../../../shared/vault/errors.ts';

const password = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed());
const secret = fc.record({ kind: fc.constant('password' as const), password });
const credential: fc.Arbitrary<MailboxCredential> = fc.oneof(
  fc.record({ source: secret }),
  fc.record({ source: secret, destination: secret }),
);

test('credentials are read back as they were written', () => {
  const id = fc.oneof(fc.ulid(), fc.constantFrom('__proto__', 'constructor', 'toString'));
  fc.assert(
    fc.property(fc.array(fc.tuple(id, credential)), (entries) => {
      const content = new Map(entries);
      expect(parseShard(formatShard(content))).toEqual(content);
    }),
  );
  fc.assert(
    fc.property(secret, (given) => expect(parseServiceSecret(formatServiceSecret(given))).toEqual(given)),
  );
});

test.each([
  '{"v":1,"mailboxes":[["a",{"source":{"kind":"password","password":"hunter2"',
  'hunter2',
  '{"v":2,"mailboxes":{},"secret":{"kind":"hunter2","password":"hunter2"}}',
  '{"v":1,"mailboxes":[["hunter2",{"source":{"kind":"password","password":["hunter2"]}}]],"secret":"hunter2"}',
])('a broken secret is reported without a word of it: %s', (text) => {
  for (const parse of [parseShard, parseServiceSecret]) {
    const thrown = ((): unknown => {
      try {
        return parse(text);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(SecretCorruptError);
    expect(inspect(thrown, { depth: 20, showHidden: true })).not.toContain('hunter2');
  }
});
