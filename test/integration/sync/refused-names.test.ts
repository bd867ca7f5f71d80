import { startRefusingProxy } from '../../support/refusing-proxy.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

describe('names that the destination refuses for reasons of its own', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  test('are replaced: every folder arrives with its mail, and stays where it is', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      proxy.judge = (line) =>
        /^CREATE .*([%!]|"Forbidden")/.test(line) ? 'NO No such name here' : undefined;
      const mailbox = await bench.mailbox({ destinationPort: proxy.port });
      const folders = [['50% off'], ['50% off', 'May'], ['Wow!'], ['Forbidden'], ['Plain']];
      const fill = (subject: string) =>
        mailbox.source(async (probe) => {
          for (const folder of folders) {
            await probe.append(folder, {
              bytes: `Message-ID: <${subject}.${folder.join('.').replace(/\W/g, '')}@example.org>\r\nSubject: ${subject}\r\n\r\nx\r\n`,
            });
          }
        });
      await mailbox.source(async (probe) => {
        for (const folder of folders) await probe.createFolder(folder);
      });
      await fill('first');
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 5 } });
      const places = async () =>
        Object.fromEntries(
          (await mailbox.folders()).map(({ sourcePath, destinationPath }) => [sourcePath, destinationPath]),
        );
      const first = await places();
      expect(first).toMatchObject({
        '50% off': expect.stringMatching(/^50_ off~[0-9a-f]{8}$/),
        '50% off/May': expect.stringMatching(/^50_ off~[0-9a-f]{8}\/May$/),
        'Wow!': expect.stringMatching(/^Wow_~[0-9a-f]{8}$/),
        Plain: 'Plain',
      });
      // What is wrong with this name nobody can tell: it is replaced only where its place is changed as well.
      expect(first['Forbidden']).toMatch(/^Forbidden~[0-9a-f]{8}$/);

      await fill('second');
      expect(await mailbox.pass()).toMatchObject({ status: 'synced', totals: { copied: 10 } });
      expect(await places()).toEqual(first);
      const counts = [...(await mailbox.readDestination()).values()].map(({ messages }) => messages.length);
      expect(counts.filter((count) => count === 2)).toHaveLength(5);
      const { items } = await mailbox.services.state.events.list(mailbox.key, { limit: 50 });
      expect(items.filter(({ type }) => type === 'folder-renamed')).toHaveLength(4);
      await mailbox.expectBooks();
    });
  });

  test('are replaced, too, where the destination cuts blanks away and says nothing', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      proxy.editSent = (text) => text.replaceAll(/" +lead"/g, '"lead"').replaceAll(/" +lead\//g, '"lead/');
      const mailbox = await bench.mailbox({ destinationPort: proxy.port });
      const folders = [['lead'], [' lead'], ['  lead'], [' lead', 'below']];
      await mailbox.source(async (probe) => {
        for (const [index, folder] of folders.entries()) {
          await probe.createFolder(folder);
          const subject = `message ${index}`;
          await probe.append(folder, {
            bytes: `Message-ID: <${index}@example.org>\r\nSubject: ${subject}\r\n\r\nx\r\n`,
          });
        }
      });
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 4 } });
      const places = new Map(
        (await mailbox.folders()).map(({ sourcePath, destinationPath }) => [sourcePath, destinationPath]),
      );
      expect(places.get('lead')).toBe('lead');
      expect(places.get(' lead')).toMatch(/^lead~[0-9a-f]{8}$/);
      expect(places.get('  lead')).toMatch(/^lead~[0-9a-f]{8}$/);
      expect(places.get(' lead/below')).toBe(`${places.get(' lead')}/below`);
      const counts = [...(await mailbox.readDestination()).values()].map(({ messages }) => messages.length);
      expect(counts.filter((count) => count > 0)).toEqual([1, 1, 1, 1]);
      await mailbox.expectBooks();
    });
  });
});
