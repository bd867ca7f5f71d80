const MODULE = new URL('./disturb-cloud-thread.ts', import.meta.url);

/** The variables of a process whose services die when an operation is asked for, or whose thread does not end. */
export function disturbedBy(what: { dieAt: string } | { stay: true }): { NODE_OPTIONS: string } {
  const url = new URL(MODULE);
  for (const [name, value] of Object.entries(what)) url.searchParams.set(name, String(value));
  return { NODE_OPTIONS: `--import=${url.href}` };
}
