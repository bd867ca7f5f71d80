import { inspectDestination } from '../../../shared/sync/inspect-destination.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { openImapConnection } from '../../support/open-imap-connection.ts';
import { startRefusingProxy } from '../../support/refusing-proxy.ts';
import { patience } from '../../support/scripted-peer.ts';
import { withResource } from '../../support/with-resource.ts';

const WAIT = patience(60_000);
const EXCHANGE = { keywords: false, omit: ['$MDNSent'] };
const SYSTEM = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'];

describe('the flags of a destination folder', () => {
  let server: Dovecot;
  beforeAll(async () => {
    server = await startDovecot({ users: { anna: 'secret' } });
  });
  afterAll(() => server.stop());

  async function inspected(rules: typeof EXCHANGE | undefined, says = true) {
    return withResource(startRefusingProxy({ port: server.port }), async (proxy) => {
      if (!says) proxy.edit = (line) => line.replace('[PERMANENTFLAGS', '[X-FLAGS');
      const c = await openImapConnection({ ...server.access('anna'), port: proxy.port });
      const { record } = await inspectDestination(c, 'INBOX', { rules, wait: WAIT });
      await c.logout(WAIT);
      return record.permanentFlags;
    });
  }

  test('are what the server says', async () => {
    expect(await inspected(undefined)).toEqual({ flags: expect.arrayContaining(SYSTEM), anyKeyword: true });
    expect(await inspected(undefined, false)).toBeUndefined();
  });

  test.each([true, false])(
    'are bounded by what is known of the provider; the server says so itself: %s',
    async (says) => {
      expect(await inspected(EXCHANGE, says)).toEqual({
        flags: expect.arrayContaining(SYSTEM),
        anyKeyword: false,
        withheld: ['$MDNSent'],
      });
    },
  );
});
