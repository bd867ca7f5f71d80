import { textOf } from '../../support/api-client.ts';
import {
  ANN,
  type ApiTenant,
  type ApiWorld,
  BEN,
  mailboxInput,
  startApiWorld,
  succeed,
} from '../../support/api-world.ts';
import { ImapProbe } from '../../support/imap-probe.ts';

let world: ApiWorld;
let tenant: ApiTenant;

beforeAll(async () => {
  world = await startApiWorld();
  tenant = await world.tenant();
  await ImapProbe.use(world.dovecot.access(ANN), (probe) => probe.createFolder(['Spam']));
  await ImapProbe.use(world.dovecot.access(ANN), (probe) => probe.createFolder(['Work', 'May']));
});

afterAll(() => world.close());

/** A mailbox of ANN at the source that goes to BEN. */
async function mailbox(password?: string): Promise<string> {
  const { connectionId } = tenant;
  const input = { ...mailboxInput(BEN), sourceUser: ANN, ...(password === undefined ? {} : { password }) };
  const made = await succeed(
    tenant.api('POST', '/v1/migrations', { connectionId, mailboxes: [input], selection: { junk: false } }),
  );
  const migrationId = textOf(made, 'migration', 'migrationId');
  const { items } = await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 1 });
  return `/v1/mailboxes/${items[0]?.mailboxId ?? ''}`;
}

test('shows where folders would come before anything is written, and why some would not', async () => {
  expect(await tenant.api('GET', `${await mailbox()}/folder-plan`)).toMatchObject({
    status: 200,
    body: {
      folders: expect.arrayContaining([
        {
          sourcePath: 'INBOX',
          destinationPath: 'INBOX',
          create: false,
          decided: false,
          specialUse: '\\Inbox',
        },
        { sourcePath: 'Work/May', destinationPath: 'Work/May', create: true, decided: false },
      ]),
      leftOut: expect.arrayContaining([{ sourcePath: 'Spam', because: 'junk', specialUse: '\\Junk' }]),
    },
  });
  const folders = await ImapProbe.use(world.dovecot.access(BEN), (probe) => probe.folders());
  expect(folders).toEqual([['INBOX']]);
});

test('says which server could not be read', async () => {
  const reply = await tenant.api('GET', `${await mailbox('wrong')}/folder-plan`);
  expect(reply).toMatchObject({ status: 422, body: { code: 'folders-unreadable' } });
  expect(JSON.stringify(reply.body)).toMatch(/source server/);
  expect(JSON.stringify(reply.body)).not.toContain('wrong');
});
