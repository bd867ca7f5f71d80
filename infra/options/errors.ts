/** Options of the deployment are wrong; each line names the key, what is wrong, and what may stand there. */
export class DeploymentOptionsError extends Error {
  readonly code = 'DeploymentOptions';
  /** The keys that are wrong. */
  readonly keys: readonly string[];
  constructor(problems: ReadonlyArray<{ readonly key: string; readonly message: string }>) {
    const lines = problems.map(({ key, message }) => `  ${key}: ${message}`);
    super(
      `These options cannot be used. Correct them in cdk.json ("context") or at the command line (-c key=value); ` +
        `docs/deploy.md lists them all.\n${lines.join('\n')}`,
    );
    this.name = 'DeploymentOptionsError';
    this.keys = problems.map(({ key }) => key);
  }
}
