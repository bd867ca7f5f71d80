import { SecretOnCommandLineError } from '../../../cli/errors.ts';
import { refuseSecrets } from '../../../cli/refuse-secrets.ts';

describe('a password on the command line', () => {
  test.each([
    ['--password', 'hunter2'],
    ['--password=hunter2'],
    ['--source-password', 'hunter2'],
    ['--destination-password=hunter2'],
    ['--pass=hunter2'],
    ['--passwd', 'hunter2'],
    ['-password', 'hunter2'],
    ['--PWD=hunter2'],
    ['--app-secret=hunter2'],
    ['--source', 'imaps://anna:hunter2@imap.example.org'],
    ['--source=imaps://anna:hunter2@imap.example.org:993'],
    ['--source', 'imaps://anna:hun/hunter2@imap.example.org'],
    ['--source', 'anna:hunter2@imap.example.org'],
  ])('is refused and not repeated: %s %s', (...args) => {
    let error: unknown;
    try {
      refuseSecrets(['migrate', ...args]);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(SecretOnCommandLineError);
    expect(error).toMatchObject({ exitCode: 64, message: expect.stringContaining('shell history') });
    expect(String(error)).not.toContain('hunter2');
  });

  test('what is no password passes', () => {
    const args = [
      'migrate',
      '--source',
      'imaps://[2001:db8::1]:993',
      '--destination',
      'imaps://imap.example.org:993',
    ];
    const users = [
      '--users',
      'passwords.csv',
      '--source-user',
      'EXAMPLE\\admin\\anna',
      '--state',
      'C:\\pass',
    ];
    expect(() => refuseSecrets([...args, ...users])).not.toThrow();
  });
});
