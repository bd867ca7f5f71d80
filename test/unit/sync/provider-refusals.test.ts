import { describeTrouble } from '../../../shared/api/describe-trouble.ts';
import { catalogueOf } from '../../../shared/i18n/catalogue-of.ts';
import { classifyServerText } from '../../../shared/imap/errors.ts';
import { gmail } from '../../../shared/imap/providers/profiles/gmail.ts';
import { classifyFault } from '../../../shared/sync/fault.ts';

const refused = (text: string) =>
  classifyServerText({ status: 'NO', text, command: 'LOGIN', refusals: gmail.refusals }).attributeTo(
    'source',
  );

describe('a refusal that the provider is known for', () => {
  test('reaches the mailbox, and people in the words for this provider', () => {
    const fault = classifyFault(refused('Your account is not enabled for IMAP use.'));
    expect(fault).toMatchObject({
      kind: 'attention',
      reason: 'authentication-failed',
      refusal: 'google-imap-off',
      side: 'source',
    });
    const trouble = { code: 'authentication-failed', refusal: 'google-imap-off' } as const;
    expect(describeTrouble(trouble, catalogueOf('pl')).summary).toBe(
      'Na tym koncie Gmail dostęp przez IMAP jest wyłączony.',
    );
    expect(describeTrouble({ code: 'authentication-failed' }, catalogueOf('en')).summary).toBe(
      'The server did not accept the user name or password.',
    );
  });

  test('holds the mailbox back for as long as the provider is known to', () => {
    const fault = classifyFault(refused('Account exceeded command or bandwidth limits. (Failure)'));
    expect(fault).toMatchObject({ kind: 'throttled', error: { waitMs: 3_600_000, namedByServer: true } });
  });
});
