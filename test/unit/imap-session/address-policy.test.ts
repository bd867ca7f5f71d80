import fc from 'fast-check';
import { isPublicAddress, resolveHost } from '../../../shared/imap/session/address-policy.ts';

const wait = { signal: new AbortController().signal, deadlineMs: 5_000 };

describe('which addresses may be connected to', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '192.0.2.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'ff02::1',
    'not-an-address',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each(['8.8.8.8', '142.250.1.108', '2a00:1450:4010::6c', '::ffff:8.8.8.8'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  test('an IPv4 address wrapped into IPv6 is judged as what it is', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublicAddress(`::ffff:${address}`)).toBe(isPublicAddress(address));
      }),
    );
  });

  test('of a name with public and private addresses only the public ones are used', async () => {
    const addresses = await resolveHost('mixed.test', { allowPrivate: false }, wait, async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '8.8.8.8', family: 4 },
    ]);
    expect(addresses).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });

  test('an address given in place of a name is judged as well', async () => {
    await expect(resolveHost('127.0.0.1', { allowPrivate: false }, wait)).rejects.toMatchObject({
      reason: 'address-forbidden',
    });
    await expect(resolveHost('2130706433', { allowPrivate: false }, wait)).rejects.toMatchObject({
      name: expect.stringMatching(/AddressForbiddenError|ConnectError/) as string,
    });
  });

  test.each([['a b'], ['bad\r\nname'], [''], ['x'.repeat(300)], ['naïve.test']])(
    '%j is not looked up at all',
    async (host) => {
      let asked = false;
      const lookup = resolveHost(host, { allowPrivate: true }, wait, async () => {
        asked = true;
        return [];
      });
      await expect(lookup).rejects.toMatchObject({ reason: 'host-not-found', retryable: false });
      expect(asked).toBe(false);
    },
  );

  test('a resolver that never answers ends at the deadline', async () => {
    const never = resolveHost(
      'slow.test',
      { allowPrivate: true },
      { ...wait, deadlineMs: 20 },
      () => new Promise(() => undefined),
    );
    await expect(never).rejects.toMatchObject({ reason: 'host-not-found', retryable: true });
  });

  test('a name with very many addresses does not keep us trying for ever', async () => {
    const addresses = await resolveHost('many.test', { allowPrivate: true }, wait, async () =>
      Array.from({ length: 500 }, () => ({ address: '127.0.0.1', family: 4 as const })),
    );
    expect(addresses.length).toBeLessThanOrEqual(8);
  });
});
