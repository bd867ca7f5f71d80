import { SecretOnCommandLineError } from './errors.ts';

const SECRET_OPTION = /^--?[\w-]*(?:pass(?:word|wd|phrase|code)?|pwd|secret|credential)s?[\w-]*(?:=|$)/i;
const SECRET_IN_ADDRESS = /^(?:--?[\w-]+=)?(?:[a-z][a-z0-9+.-]*:\/\/)?[^/@\s]*:[^\s]*@/i;

const EXPOSED =
  'Other users of this machine can read a command line while it runs, and your shell history may now hold the ' +
  'password: remove that line from it and change the password if others could have seen it.';

/**
 * Looks at the raw arguments before anything else does, because an option parser's own complaint would print them.
 * @throws SecretOnCommandLineError naming the option, never its value.
 */
export function refuseSecrets(args: readonly string[]): void {
  for (const argument of args) {
    if (SECRET_OPTION.test(argument)) {
      throw new SecretOnCommandLineError(
        `${argument.split('=')[0]} is not taken: a password does not belong on a command line. ` +
          'Put passwords into the CSV file (columns Password and DestinationPassword) or into the environment ' +
          `variables MAILHAUL_SOURCE_PASSWORD and MAILHAUL_DESTINATION_PASSWORD. ${EXPOSED}`,
      );
    }
    if (SECRET_IN_ADDRESS.test(argument)) {
      throw new SecretOnCommandLineError(
        'A server address with user:password@ is not taken. Give the server alone (imaps://HOST[:PORT]) and put ' +
          'the passwords into the CSV file or into MAILHAUL_SOURCE_PASSWORD and MAILHAUL_DESTINATION_PASSWORD. ' +
          EXPOSED,
      );
    }
  }
}
