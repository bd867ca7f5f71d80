import { english } from '../../../shared/i18n/catalogues/english.ts';
import {
  PROVIDERS,
  profileById,
  profileForHost,
  profileOf,
  providerByMailExchanger,
} from '../../../shared/imap/providers/provider-catalogue.ts';
import { REFUSAL_CODES } from '../../../shared/imap/refusal-code.ts';

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

  test('a server is of the provider that was chosen, else of the one that its name tells', () => {
    expect(profileOf({ host: 'mail.example.com', provider: 'dovecot' }).id).toBe('dovecot');
    expect(profileOf({ host: 'imap.gmail.com', provider: 'other' }).id).toBe('gmail');
    expect(profileOf({ host: 'imap.gmail.com' }).id).toBe('gmail');
    expect(profileOf({ host: 'mail.example.com', provider: 'gone' }).id).toBe('other');
  });

  test.each([
    ['gmail-smtp-in.l.google.com', 'gmail', 'imap.gmail.com'],
    ['alt1.gmail-smtp-in.l.google.com', 'gmail', 'imap.gmail.com'],
    ['ASPMX.L.GOOGLE.COM.', 'google-workspace', 'imap.gmail.com'],
    ['alt4.aspmx.l.google.com', 'google-workspace', 'imap.gmail.com'],
    ['aspmx2.googlemail.com', 'google-workspace', 'imap.gmail.com'],
    ['smtp.google.com', 'google-workspace', 'imap.gmail.com'],
    ['example-com.mail.protection.outlook.com', 'exchange-online', 'outlook.office365.com'],
    ['example-com.a-v1.mx.microsoft', 'exchange-online', 'outlook.office365.com'],
    ['outlook-com.olc.protection.outlook.com', 'outlook', 'outlook.office365.com'],
    ['hotmail-com.olc.protection.outlook.com', 'hotmail', 'outlook.office365.com'],
    ['mta5.am0.yahoodns.net', 'yahoo', 'imap.mail.yahoo.com'],
    ['mx-aol.mail.gm0.yahoodns.net', 'aol', 'imap.aol.com'],
    ['mx01.mail.icloud.com', 'icloud', 'imap.mail.me.com'],
    ['mx2.zoho.com', 'zoho', 'imappro.zoho.com'],
    ['mx.zoho.eu', 'zoho', 'imappro.zoho.eu'],
    ['mx3.zoho.com.au', 'zoho', 'imappro.zoho.com.au'],
    ['mx.zohocloud.ca', 'zoho', 'imappro.zohocloud.ca'],
    ['in1-smtp.messagingengine.com', 'fastmail', 'imap.fastmail.com'],
    ['mx00.gmx.net', 'gmx', 'imap.gmx.net'],
    ['mx00.emig.gmx.net', 'gmx', 'imap.gmx.net'],
  ])('mail for %s is read at %s', (exchanger, id, host) => {
    const found = providerByMailExchanger(exchanger);
    expect({ id: found?.profile.id, host: found?.host }).toEqual({ id, host });
  });

  test.each(['mx.example.com', 'aspmx.l.google.com.attacker.test', 'evilgmx.net', ''])(
    'nobody is known by the mail exchanger %j',
    (exchanger) => expect(providerByMailExchanger(exchanger)).toBeUndefined(),
  );

  test('has a use for every text about providers', () => {
    const used = {
      instructions: PROVIDERS.flatMap(({ instructions }) => instructions),
      notes: PROVIDERS.flatMap(({ notes }) => notes),
      refusals: PROVIDERS.flatMap(({ refusals: { signIn, texts } }) => [
        ...texts.map(({ code }) => code),
        ...(signIn === undefined ? [] : [signIn]),
      ]),
    };
    const { instructions, notes } = english.providers;
    expect(new Set(used.instructions)).toEqual(new Set(Object.keys(instructions)));
    expect(new Set(used.notes)).toEqual(new Set(Object.keys(notes)));
    expect(new Set(used.refusals)).toEqual(new Set(REFUSAL_CODES));
  });

  test('an unknown provider has no profile', () => expect(profileById('nobody')).toBeUndefined());
});
