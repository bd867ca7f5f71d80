import { type DeploymentOptions, deploymentOptions } from './deployment-options.ts';
import { DeploymentOptionsError } from './errors.ts';
import { findContradictions } from './find-contradictions.ts';

/** Before every key, so that a key that is misspelt is told from those of the CDK. */
const PREFIX = 'mailhaul:';

/**
 * The options of a deployment from the context of the CDK (cdk.json and `-c`).
 * @throws DeploymentOptionsError naming each key that is unknown, wrong, or at odds with another
 */
export function readOptions(context: Readonly<Record<string, unknown>>): DeploymentOptions {
  const own = Object.entries(context)
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => [key.slice(PREFIX.length), value] as const);
  const parsed = deploymentOptions.safeParse(Object.fromEntries(own));
  if (!parsed.success) {
    throw new DeploymentOptionsError(
      parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => ({ key: PREFIX + key, message: 'There is no such option.' }))
          : [{ key: PREFIX + String(issue.path[0]), message: issue.message }],
      ),
    );
  }
  const contradictions = findContradictions(parsed.data);
  if (contradictions.length > 0) {
    throw new DeploymentOptionsError(
      contradictions.map(({ option, message }) => ({ key: PREFIX + option, message })),
    );
  }
  return parsed.data;
}
