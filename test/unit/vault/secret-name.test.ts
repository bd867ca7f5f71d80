import fc from 'fast-check';
import { parseShardName, pointerName, secretName } from '../../../shared/vault/secret-name.ts';

const PREFIX = 'mailhaul/';
const text = fc.string({
  unit: fc.constantFrom('/', '=', '=2f', '.', '-', 'a', 'Z', '9', '#', ' ', 'é', '😀'),
  minLength: 1,
  maxLength: 8,
});
const shard = fc.record({
  tenant: text,
  kind: fc.constant('shard' as const),
  migrationId: text,
  number: fc.integer({ min: 0, max: 99_999 }),
});

describe('the name of a shard', () => {
  test('leads back to the shard, for its own tenant only', () => {
    fc.assert(
      fc.property(shard, text, (key, other) => {
        const name = pointerName(PREFIX, key);
        expect(parseShardName(PREFIX, key.tenant, name)).toEqual(key);
        expect(parseShardName(PREFIX, other, name)).toEqual(other === key.tenant ? key : undefined);
      }),
    );
  });

  test('has only characters that Secrets Manager takes', () => {
    fc.assert(
      fc.property(shard, (key) => {
        expect(secretName(PREFIX, key, '01ABC')).toMatch(/^[A-Za-z0-9/_+=.@-]+$/);
      }),
    );
  });

  test('reads as its parts do', () => {
    const key = { tenant: 'acme', kind: 'shard', migrationId: '01HX', number: 12 } as const;
    expect(pointerName(PREFIX, key)).toBe('mailhaul/acme/01HX/12');
    expect(secretName(PREFIX, key, '01J')).toBe('mailhaul/acme/01HX/12/01J');
    expect(pointerName(PREFIX, { tenant: 'a/b', kind: 'destination' })).toBe('mailhaul/a=2fb/destination');
  });

  test.each([
    'mailhaul/acme/destination',
    'mailhaul/acme/01HX/012',
    'mailhaul/acme/01HX/-1',
    'mailhaul/acme/01HX/1/2',
    'mailhaul/acme/=2/1',
    'mailhaul/acme/=61/1',
    'other/acme/01HX/1',
    'mailhaul/acme2/01HX/1',
    '',
  ])('is not %p', (name) => {
    expect(parseShardName(PREFIX, 'acme', name)).toBeUndefined();
  });
});
