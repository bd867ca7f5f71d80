import { UsageError } from '../../../cli/errors.ts';
import { parseServerAddress } from '../../../cli/server-address.ts';

describe('the address of a server', () => {
  test.each([
    ['imaps://imap.example.org', { host: 'imap.example.org', port: 993, security: 'tls' }],
    ['imaps://imap.example.org/', { host: 'imap.example.org', port: 993, security: 'tls' }],
    ['IMAPS://Imap.Example.org:1993', { host: 'imap.example.org', port: 1993, security: 'tls' }],
    ['imap://localhost', { host: 'localhost', port: 143, security: 'starttls' }],
    ['imap://127.0.0.1:1143', { host: '127.0.0.1', port: 1143, security: 'starttls' }],
    ['imaps://[2001:db8::1]:993', { host: '2001:db8::1', port: 993, security: 'tls' }],
    ['imaps://poczta.żółw.example', { host: 'poczta.xn--w-uga1v8h.example', port: 993, security: 'tls' }],
  ])('%s is read with its defaults', (text, expected) => {
    expect(parseServerAddress(text, '--source', false)).toEqual(expected);
  });

  test('without TLS only when --insecure is given, and never for imaps', () => {
    expect(parseServerAddress('imap://localhost', '--source', true).security).toBe('insecure');
    expect(parseServerAddress('imaps://localhost', '--source', true).security).toBe('tls');
  });

  test.each([
    'imap.example.org',
    'https://imap.example.org',
    'imaps://',
    'imaps://imap.example.org:0',
    'imaps://imap.example.org:99999',
    'imaps://imap.example.org/INBOX',
    'imaps://imap.example.org?x',
    'imaps://anna@imap.example.org',
    'imaps://-bad-.example',
    'imaps://a b',
    'imaps://%00.example',
  ])('%s is refused with an example of a right one', (text) => {
    const parse = () => parseServerAddress(text, '--destination', false);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow('Write --destination imaps://imap.example.org');
  });
});
