import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { describeResult, runMailhaul, startMailhaul } from '../../support/mailhaul-process.ts';
import { withResource } from '../../support/with-resource.ts';

describe('mailhaul serve', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-serve-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('serves the HTTP API to the bearer of the token it prints, until Ctrl-C', async () => {
    const state = join(folder, 'state');
    await withResource(startMailhaul(['serve', '--port=0', `--state=${state}`]), async (running) => {
      const [url, token] = await eventually('address and token', () => {
        const { stdout } = running.output();
        const found = /is at (http:\S+)\nSign-in token: (\S+)\n/.exec(stdout);
        return found === null ? undefined : [found[1] ?? '', found[2] ?? ''];
      });
      const migrations = await fetch(`${url}/v1/migrations`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([migrations.status, await migrations.json()]).toEqual([200, { items: [] }]);
      expect((await fetch(`${url}/v1/migrations`)).status).toBe(401);

      const second = await runMailhaul(['serve', '--port=0', `--state=${state}`]);
      expect(second).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('in use') });
      const taken = await runMailhaul([
        'serve',
        `--port=${new URL(url ?? '').port}`,
        `--state=${join(folder, 'other')}`,
      ]);
      expect(taken).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('port') });

      running.kill('SIGINT');
      expect(describeResult(await running.ended)).toMatch(/^Exit 0/);
    });
  });
});
