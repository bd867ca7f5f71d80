/**
 * Whether `dist/` holds the program as its sources are now. Plain JavaScript, because it decides whether anything that
 * strips types has to be loaded; quick, because every start waits for it.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Names the bundle in use and what it was made of; replaced as a whole, so there is never half of one. */
export const BUNDLE_NOTE = join('dist', 'bundle.json');

/**
 * What a bundle notes of each file: `files` has the stamps of all that went into it and of all that came out, by paths
 * from `root`.
 * @typedef {{ readonly entry: string, readonly files: Readonly<Record<string, string>> }} BundleNote
 */

/**
 * Where the bundle begins, or undefined when there is none, part of it is missing, or a file is not the one noted.
 * @param {string} root the folder of package.json
 * @returns {string | undefined} a URL
 */
export function freshBundle(root) {
  try {
    /** @type {BundleNote} */
    const { entry, files } = JSON.parse(readFileSync(join(root, BUNDLE_NOTE), 'utf8'));
    const isFresh = Object.entries(files).every(([path, stamp]) => stampOf(`${root}/${path}`) === stamp);
    return isFresh ? pathToFileURL(join(root, entry)).href : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Changes with the file's size and its time of modification; a file that is not there has a stamp, too.
 * @param {string} path
 * @returns {string}
 */
export function stampOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 'absent' : `${found.size} ${found.mtimeMs}`;
}
