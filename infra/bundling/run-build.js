/**
 * `npm run build` makes the bundle that the command line starts from. With `--if-possible`, as `npm ci` runs it, it is
 * no failure that there can be none: then mailhaul runs from its sources. Plain JavaScript, because it says so on any
 * Node, with or without the packages for development.
 */
try {
  const { bundleCommandLine } = await import('./bundle-command-line.ts');
  process.stdout.write(`mailhaul starts from ${await bundleCommandLine()}\n`);
} catch (error) {
  if (!process.argv.includes('--if-possible')) throw error;
  const [why] = String(error instanceof Error ? error.message : error).split('\n');
  process.stdout.write(`mailhaul runs from its sources, no bundle was made: ${why}\n`);
}
