import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});
const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() }))
    .default({}),
});

const IMPORT = /"Fn::ImportValue": *"([^"]+)"/g;

const cdkSchema = z.object({ context: z.record(z.string(), z.unknown()) });

export type Resource = z.infer<typeof resourceSchema>;

/** The templates that `cdk` would deploy, made by the very app it would run. */
export interface SynthesisedCloud extends AsyncDisposable {
  /** The names of the stacks. */
  readonly stacks: readonly string[];
  /** The resources of a type by their path in the CDK's tree, in all stacks. */
  resources(type: string): ReadonlyMap<string, Resource>;
  /** The resource of a type whose path ends so. */
  resource(type: string, pathEnd: string): Resource;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Names of what stacks give to others, and of what they take: `<stack>:<what>`. */
  readonly exports: readonly string[];
  readonly imports: readonly string[];
  /** Where the bundle of a function is, if there are bundles. */
  assetFolder(resource: Resource): string;
}

/**
 * @param options as `-c mailhaul:<name>=<value>` gives them
 * @param how.bundled makes the functions' bundles too, which takes seconds for each
 */
export async function synthesiseCloud(
  options: Readonly<Record<string, unknown>> = {},
  how: { readonly bundled?: boolean } = {},
): Promise<SynthesisedCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-cloud-'));
  const cdk = cdkSchema.parse(JSON.parse(await readFile('cdk.json', 'utf8')));
  const context = {
    ...cdk.context,
    // as the command line of the CDK asks for it: where each resource comes from
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:enable-asset-metadata': true,
    ...(how.bundled === true ? {} : { 'aws:cdk:bundling-stacks': [] }),
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [`mailhaul:${name}`, value])),
  };
  await promisify(execFile)(process.execPath, ['infra/app.ts'], {
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  const files = (await readdir(folder)).filter((name) => name.endsWith('.template.json'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const templates = texts.map((text) => templateSchema.parse(JSON.parse(text)));
  const resources: SynthesisedCloud['resources'] = (type) =>
    new Map(
      templates.flatMap(({ Resources }) =>
        Object.values(Resources)
          .filter((resource) => resource.Type === type)
          .map((resource) => [String(resource.Metadata['aws:cdk:path']), resource] as const),
      ),
    );
  return {
    stacks: files.map((name) => name.replace('.template.json', '')),
    resources,
    resource(type, pathEnd) {
      const found = [...resources(type)].filter(([path]) => path.endsWith(pathEnd));
      const [first, ...others] = found;
      if (first === undefined || others.length > 0) {
        throw new Error(`${found.length} resources ${type} end with ${pathEnd}`);
      }
      return first[1];
    },
    outputs: Object.assign(
      {},
      ...templates.map(({ Outputs }) =>
        Object.fromEntries(Object.entries(Outputs).map(([name, { Value }]) => [name, Value])),
      ),
    ),
    exports: templates.flatMap(({ Outputs }) =>
      Object.values(Outputs).flatMap(({ Export }) => (Export === undefined ? [] : [Export.Name])),
    ),
    imports: texts.flatMap((text) => [...text.matchAll(IMPORT)].map(([, name = '']) => name)),
    assetFolder: ({ Metadata }) => join(folder, String(Metadata['aws:asset:path'])),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
