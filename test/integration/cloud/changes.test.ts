import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SynthesisedCloud, synthesiseCloud } from '../../support/synthesised-cloud.ts';

/** Deployments that may follow one another in any order. */
type Variant = 'plain' | 'console' | 'consoleDomain' | 'others';

/** Each synthesis is a process of its own, and they come one after the other. */
const LONG = 480_000;

/*
 * Stacks are deployed one after the other, first those that others refer to. CloudFormation refuses to take an export
 * away that another stack, as it still stands there, imports.
 */
describe('from one set of options to another', () => {
  let folder: string;
  const clouds = new Map<Variant, SynthesisedCloud>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-console-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    const variants: Readonly<Record<Variant, Readonly<Record<string, unknown>>>> = {
      plain: {},
      console: { consoleFolder: folder },
      consoleDomain: {
        consoleFolder: folder,
        consoleDomain: 'migrate.example.org',
        consoleCertificate: 'arn:aws:acm:us-east-1:123456789012:certificate/x',
      },
      others: {
        egress: 'static',
        interfaceEndpoints: true,
        issuer: 'https://id.example.org/',
        audience: 'mailhaul',
        restoredTable: 'mailhaul-restored',
      },
    };
    for (const [name, options] of Object.entries(variants)) {
      clouds.set(name as Variant, await synthesiseCloud(options));
    }
  }, LONG);
  afterAll(async () => {
    for (const cloud of clouds.values()) await cloud[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('no stack takes away what another one still uses', () => {
    for (const [from, before] of clouds) {
      for (const [to, after] of clouds) {
        const missing = before.imports
          .filter((name) => after.stacks.some((stack) => name.startsWith(`${stack}:`)))
          .filter((name) => !after.exports.includes(name));
        expect([from, to, missing]).toEqual([from, to, []]);
      }
    }
  });
});
