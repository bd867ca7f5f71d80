import fc from 'fast-check';
import { decodeTime, isValid, ulid } from 'ulid';
import { mailboxIdOf } from '../../../shared/lifecycle/mailbox-id.ts';

describe('the identifier of a mailbox', () => {
  test('is a ULID of its migration’s time, the same for the same user in any case', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), (tenant, email, time) => {
        const migrationId = ulid(time);
        const id = mailboxIdOf(tenant, migrationId, email);
        expect(isValid(id)).toBe(true);
        expect(decodeTime(id)).toBe(decodeTime(migrationId));
        expect(mailboxIdOf(tenant, migrationId, email.toLowerCase())).toBe(id);
      }),
    );
  });

  test('differs between users, migrations and tenants', () => {
    const migrationId = ulid(1);
    const ids = [
      mailboxIdOf('t', migrationId, 'ann@example.org'),
      mailboxIdOf('t', migrationId, 'ben@example.org'),
      mailboxIdOf('u', migrationId, 'ann@example.org'),
      mailboxIdOf('t', ulid(1), 'ann@example.org'),
      mailboxIdOf('t@', migrationId, 'nn@example.org'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
