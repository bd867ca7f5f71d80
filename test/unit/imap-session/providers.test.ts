import { PROVIDERS, profileById, profileForHost } from '../../../shared/imap/providers/provider-catalogue.ts';

describe('the catalogue of providers', () => {
  test('names every provider once', () => {
    const ids = PROVIDERS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['gmail', 'outlook', 'hotmail', 'yahoo', 'other']));
  });

  test('claims no host for two providers', () => {
    const hosts = PROVIDERS.flatMap(({ knownHosts }) => knownHosts);
    expect(new Set(hosts).size).toBe(hosts.length);
  });

  test.each(PROVIDERS.map((profile) => [profile.id, profile] as const))(
    '%s is usable as it is',
    (id, profile) => {
      expect(profileById(id)).toBe(profile);
      expect(profile.instructions.length).toBeGreaterThan(0);
      expect(profile.signIn.length).toBeGreaterThan(0);
      expect(profile.connections).toBeGreaterThan(0);
      expect(profile.connections).toBeLessThanOrEqual(profile.limits?.connectionsPerAccount ?? Infinity);
      expect({ port: profile.port, security: profile.security }).toEqual({ port: 993, security: 'tls' });
    },
  );

  test.each([
    ['imap.gmail.com', 'gmail'],
    ['IMAP.Gmail.Com.', 'gmail'],
    ['outlook.office365.com', 'exchange-online'],
    ['imap-mail.outlook.com', 'outlook'],
    ['export.imap.mail.yahoo.com', 'yahoo'],
    ['p01-imap.mail.me.com', 'icloud'],
    ['imap.gmail.com.attacker.test', 'other'],
    ['mail.example.com', 'other'],
  ])('%s belongs to %s', (host, id) => expect(profileForHost(host).id).toBe(id));

  test('an unknown provider has no profile', () => expect(profileById('nobody')).toBeUndefined());
});
