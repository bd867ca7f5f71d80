import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readOptions } from './options/read-options.ts';
import { addStacks } from './stacks/add-stacks.ts';

/**
 * Makes the templates. Ends with an error when cdk-nag or CloudFormation's own rules have a finding that nobody has
 * explained, so that such a cloud is not deployed either.
 * @param given for those who are not called by `cdk`, which says the same by environment variables
 * @throws DeploymentOptionsError
 */
export function synthesise(
  given: { readonly context?: Readonly<Record<string, unknown>>; readonly outdir?: string } = {},
): void {
  const app = new App(given);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  addStacks(app, readOptions(app.node.getAllContext()));
  app.synth();
}
