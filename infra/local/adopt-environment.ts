/**
 * Gives this process a local cloud's environment, as Lambda gives a function its own: the AWS SDK finds endpoints and
 * credentials there. The AWS settings of the shell it was started from (a profile, FIPS endpoints, a session token)
 * are dropped: any of them could lead a request away from this machine.
 * @param target the process's variables, which are changed
 */
export function adoptEnvironment(
  environment: Readonly<Record<string, string>>,
  target: Record<string, string | undefined>,
): void {
  for (const name of Object.keys(target)) {
    if (name.startsWith('AWS_')) delete target[name];
  }
  Object.assign(target, environment);
}
