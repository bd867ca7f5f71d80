/** A library asked for what the functions' bundles leave out, because nothing of ours leads there. */
export class LeftOutOfBundleError extends Error {
  readonly code = 'LeftOutOfBundle';
  constructor(what: string) {
    super(`The bundle has no ${what}. See docs/decisions/bundles-without-charsets.md.`);
    this.name = 'LeftOutOfBundleError';
  }
}
