/**
 * Text from a server or a message, safe for a terminal: control characters (escape sequences among them) and
 * direction marks become `?`, and it ends after `max` characters.
 */
export function printable(text: string, max = 120): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?');
  const characters = Array.from(clean);
  return characters.length <= max ? clean : `${characters.slice(0, max - 1).join('')}…`;
}
