import { DeploymentOptionsError } from './errors.ts';
import { type DeploymentOptions, deploymentOptions } from './deployment-options.ts';

/** Before every key, so that a key that is misspelt is told from those of the CDK. */
const PREFIX = 'mailhaul:';

/** Options that only make sense together; the first one asks for the others. */
const TOGETHER: ReadonlyArray<readonly [keyof DeploymentOptions, ...Array<keyof DeploymentOptions>]> = [
  ['issuer', 'audience'],
  ['audience', 'issuer'],
  ['apiDomain', 'apiCertificate'],
  ['apiCertificate', 'apiDomain'],
  ['consoleDomain', 'consoleCertificate', 'consoleFolder'],
  ['consoleCertificate', 'consoleDomain'],
  ['hostedZoneId', 'hostedZoneName'],
  ['hostedZoneName', 'hostedZoneId'],
];

/**
 * The options of a deployment from the context of the CDK (cdk.json and `-c`).
 * @throws DeploymentOptionsError naming each key that is unknown, wrong or alone
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
  const options = parsed.data;
  const alone = TOGETHER.flatMap(([key, ...others]) =>
    options[key] === undefined
      ? []
      : others
          .filter((other) => options[other] === undefined)
          .map((other) => ({ key: PREFIX + other, message: `Give it too, for ${PREFIX}${key} is given.` })),
  );
  if (alone.length > 0) throw new DeploymentOptionsError(alone);
  return options;
}
