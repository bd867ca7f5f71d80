import { requestHash } from '../../../shared/api/request-hash.ts';

const request = { method: 'POST', path: '/v1/users', query: '', body: Buffer.from('{"a":1}') };
const hash = (
  fields: Partial<typeof request> = {},
  salt = 'tenant/key',
  carriesSecrets = false,
): Promise<string> => requestHash({ ...request, ...fields }, { salt, carriesSecrets });

describe('the hash of a request', () => {
  test('is the same for the same request', async () => {
    expect(await hash()).toBe(await hash());
    expect(await hash({}, 'k', true)).toBe(await hash({}, 'k', true));
  });

  test('differs in each part, and with the key', async () => {
    const hashes = await Promise.all([
      hash(),
      hash({ method: 'PUT' }),
      hash({ path: '/v1/connections' }),
      hash({ query: 'start=true' }),
      hash({ body: Buffer.from('{"a":2}') }),
      hash({}, 'tenant/other'),
      hash({}, 'tenant/key', true),
    ]);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
