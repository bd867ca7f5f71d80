const MAX_CAPABILITIES = 200;
const CAPABILITY = /^[!#-'+-[^-z|}~]{1,100}$/;

/** The capabilities in `* CAPABILITY …` or in a response code `[CAPABILITY …]`, upper case; undefined if neither. */
export function parseCapabilities(line: string): string[] | undefined {
  const match = /^\* CAPABILITY (.*)$/i.exec(line) ?? /\[CAPABILITY ([^\]]*)\]/i.exec(line);
  if (match?.[1] === undefined) return undefined;
  return match[1]
    .split(' ')
    .filter((word) => CAPABILITY.test(word))
    .slice(0, MAX_CAPABILITIES)
    .map((word) => word.toUpperCase());
}
