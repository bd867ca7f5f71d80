import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** The sources of the program, beside which a bundle can be made without touching the repository's own. */
const PARTS = ['cli', 'functions', 'infra', 'shared', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** Where the version is written, and one more source. */
const VERSIONED = 'cli/build-program.ts';
const OTHER = 'cli/exit-codes.ts';

/** A time of modification that can be given back: `utimes` knows no nanoseconds. */
const OLD_SECONDS = 1_700_000_000;

describe('the bundle of the command line', () => {
  let root: string;
  const path = (name: string): string => join(root, name);
  const setOldTime = (source: string) => utimes(path(source), OLD_SECONDS, OLD_SECONDS);
  const build = () => run(process.execPath, [path('infra/bundling/run-build.js')]);

  /** The program says its version: that of its sources, or that of the bundle made of them before. */
  async function version(env: Record<string, string> = {}): Promise<string> {
    const options = { env: { ...process.env, ...env } };
    return (await run(process.execPath, [path('cli/mailhaul.js'), '--version'], options)).stdout.trim();
  }

  /** Other sources of the same size; with `times` they look as if nothing had happened. */
  async function changeVersion(times: 'new-times' | 'old-times'): Promise<void> {
    const text = await readFile(path(VERSIONED), 'utf8');
    expect(text).toContain("'0.1.0'");
    await writeFile(path(VERSIONED), text.replace("'0.1.0'", "'9.9.9'"));
    if (times === 'old-times') await setOldTime(VERSIONED);
  }

  let template: string;
  beforeAll(async () => {
    template = await mkdtemp(join(tmpdir(), 'mailhaul-bundled-'));
    root = template;
    for (const part of PARTS) {
      await cp(join(REPOSITORY, part), path(part), { recursive: true });
    }
    for (const source of [VERSIONED, OTHER]) await setOldTime(source);
    await symlink(join(REPOSITORY, 'node_modules'), path('node_modules'));
    await build();
  });
  afterAll(() => rm(template, { recursive: true, force: true }));

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mailhaul-bundled-'));
    // with all times to the nanosecond: the bundle is that of the copy, too
    await run('cp', ['--archive', `${template}/.`, root]);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  test('runs as long as its sources are those that it was made of', async () => {
    await changeVersion('old-times');
    expect(await version()).toBe('0.1.0');
    expect(await version({ MAILHAUL_FROM_SOURCES: '1' })).toBe('9.9.9');
    await build();
    expect(await version()).toBe('9.9.9');
  });

  test('does not run when a source has another time', async () => {
    await changeVersion('new-times');
    expect(await version()).toBe('9.9.9');
  });

  test('does not run when a source has another size', async () => {
    await changeVersion('old-times');
    const other = await readFile(path(OTHER), 'utf8');
    await writeFile(path(OTHER), `${other}\n`);
    await setOldTime(OTHER);
    expect(await version()).toBe('9.9.9');
    await writeFile(path(OTHER), other);
    await setOldTime(OTHER);
    expect(await version()).toBe('0.1.0');
  });

  test.each(['package-lock.json', 'package.json', 'infra/bundling/require-banner.ts'])(
    'does not run when %s has changed',
    async (name) => {
      await changeVersion('old-times');
      expect(await version()).toBe('0.1.0');
      await setOldTime(name);
      expect(await version()).toBe('9.9.9');
    },
  );

  test('does not run when part of it is missing, cut short, or not written yet', async () => {
    await changeVersion('old-times');
    expect(await version()).toBe('0.1.0');

    const note = await readFile(path('dist/bundle.json'), 'utf8');
    await writeFile(path('dist/bundle.json'), note.slice(0, -10));
    expect(await version()).toBe('9.9.9');
    await rm(path('dist/bundle.json'));
    expect(await version()).toBe('9.9.9');
    await writeFile(path('dist/bundle.json'), note);
    expect(await version()).toBe('0.1.0');

    const { entry } = JSON.parse(note) as { entry: string }; // what the build has just written
    const program = await readFile(path(entry));
    await writeFile(path(entry), program.subarray(0, program.length / 2));
    expect(await version()).toBe('9.9.9');
    await rm(path(entry));
    expect(await version()).toBe('9.9.9');
  });

  test('a build that fails leaves the bundle before it in use, and nothing of itself', async () => {
    const before = await readdir(path('dist'));
    const other = await readFile(path(OTHER), 'utf8');
    await writeFile(path(OTHER), 'export const = ;');
    await expect(build()).rejects.toMatchObject({ code: 1 });
    expect(await readdir(path('dist'))).toEqual(before);
    await writeFile(path(OTHER), other);
    await setOldTime(OTHER);
    await changeVersion('old-times');
    expect(await version()).toBe('0.1.0');
  });

  test('two builds at the same time do not disturb each other, and old bundles do not pile up', async () => {
    await Promise.all([build(), build()]);
    await build();
    await build();
    await changeVersion('old-times');
    expect(await version()).toBe('0.1.0');
    expect((await readdir(path('dist'))).filter((name) => name !== 'bundle.json')).toHaveLength(3);
  });

  test('where it cannot be made, an installation succeeds and the sources run', async () => {
    await rm(path('node_modules'));
    await mkdir(path('node_modules'));
    const options = [path('infra/bundling/run-build.js'), '--if-possible'];
    const { stdout } = await run(process.execPath, options);
    expect(stdout).toMatch(/^mailhaul runs from its sources, no bundle was made: .*esbuild.*\n$/);
    await expect(build()).rejects.toMatchObject({ code: 1 });
  });

  test('stacks under --debug name lines of the sources', async () => {
    await changeVersion('old-times');
    expect(await version()).toBe('0.1.0');
    const args = ['--debug', 'check', 'not-an-address'];
    const failed = await run(process.execPath, [path('cli/mailhaul.js'), ...args]).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({
      stderr: expect.stringMatching(/\(.*\/cli\/commands\/check-command\.ts:\d+:\d+\)/),
    });
    expect(failed).not.toMatchObject({ stderr: expect.stringContaining('/dist/') });
  });

  test('moves mail, with the services in their thread', async () => {
    await changeVersion('old-times');
    expect(await version()).toBe('0.1.0');
    const { stderr } = await run(process.execPath, [path('cli/mailhaul.js'), 'demo'], { cwd: root });
    expect(stderr).toContain('every byte, date and flag is the same');
  });
});
