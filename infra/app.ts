import { DeploymentOptionsError } from './options/errors.ts';
import { synthesise } from './synthesise.ts';

/** What `cdk` runs. */
try {
  synthesise();
} catch (error) {
  if (!(error instanceof DeploymentOptionsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
