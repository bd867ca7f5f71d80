#!/usr/bin/env node
/**
 * The `mailhaul` program. Plain JavaScript, because it must start on any Node from 20 on: where the running Node
 * cannot strip types (older than 24) it runs itself again with the `node` package that `npm ci` installed.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
/** Set on the second start, so that a wrong `node` package ends in a sentence and not in a loop. */
const RESTARTED = 'MAILHAUL_RESTARTED';

/** Set by who looks for a fault: the sources run although there is a bundle of them. */
const FROM_SOURCES = 'MAILHAUL_FROM_SOURCES';

const major = Number(process.versions.node.split('.')[0]);
// Node resolves the symbolic link of the bin before it loads this module, so this is the real place of the package.
const here = dirname(fileURLToPath(import.meta.url));

/** Left to itself, the young part of the heap grows to a hundred megabytes, and nothing is faster for it. */
const HEAP_FLAG = '--max-semi-space-size=8';

/** Lines of a stack are those of the sources, also where a bundle runs. */
const FLAGS = process.argv.includes('--debug') ? [HEAP_FLAG, '--enable-source-maps'] : [HEAP_FLAG];

if (major >= NEEDED_MAJOR) {
  if (mayExchangeItself()) {
    process.execve(process.execPath, [
      process.execPath,
      ...FLAGS,
      ...process.execArgv,
      ...process.argv.slice(1),
    ]);
  }
  if (process.env[RESTARTED]) endWithParent();
  delete process.env[RESTARTED];
  // Half of the start is compiling: what the last start compiled is kept in the folder for temporary files.
  nodeModule.enableCompileCache();
  const { main } = await import(await programModule());
  process.exitCode = await main(process.argv.slice(2));
  // Work that was abandoned at the end of its grace may still hold sockets; all that lasts is written by now.
  setTimeout(() => process.exit(), 2000).unref();
} else {
  const node = process.env[RESTARTED] ? undefined : installedNode();
  if (node === undefined) {
    console.error(
      `mailhaul needs Node ${NEEDED_MAJOR} or newer, and this is ${process.version}. ` +
        `Run "npm ci" in ${dirname(here)} (it brings Node ${NEEDED_MAJOR} along), or start mailhaul with a newer Node.`,
    );
    process.exitCode = 69;
  } else {
    runAgainWith(node);
  }
}

/** A bundle starts in half the time; without one that is of exactly these sources, the sources run. */
async function programModule() {
  const sources = './mailhaul.ts';
  if (process.env[FROM_SOURCES]) return sources;
  const { freshBundle } = await import('./bundle/fresh-bundle.js');
  return freshBundle(dirname(here)) ?? sources;
}

/** Flags of the heap count only at the start of a process. With a channel to its parent it stays the one that it is. */
function mayExchangeItself() {
  return (
    typeof process.execve === 'function' &&
    process.platform !== 'win32' &&
    process.send === undefined &&
    !process.execArgv.includes(HEAP_FLAG)
  );
}

/** The executable of the `node` package, found from this file's own place: the current folder may be any. */
function installedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    const entry = typeof bin === 'string' ? bin : bin?.node;
    const executable = entry === undefined ? undefined : join(dirname(manifest), entry);
    return executable !== undefined && existsSync(executable) ? executable : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whoever kills the process they started (SIGKILL cannot be handed on) must not leave a second one behind that still
 * holds the state folder: when the channel to the parent closes, this process ends as suddenly.
 */
function endWithParent() {
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
}

/** @param {string} node */
function runAgainWith(node) {
  const child = spawn(node, [...FLAGS, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [RESTARTED]: '1' },
  });
  // A Ctrl-C in a terminal reaches the child twice, from the terminal and from here; it counts both as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`mailhaul could not start ${node}: ${error.message}. Run "npm ci" again.`);
    process.exitCode = 69;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  });
}
