/** A piece of a command: text (one character per byte, no line ends) or a literal of any bytes. */
export type CommandPart = string | Uint8Array;

/** How literals are sent: at once, at once up to 4,096 bytes, or after the server's leave (RFC 7888, RFC 9051 4.3). */
export type LiteralMode = 'plus' | 'minus' | 'synchronising';

const LITERAL_MINUS_BYTES = 4096;

export function literalMode(capabilities: ReadonlySet<string>): LiteralMode {
  if (capabilities.has('LITERAL+')) return 'plus';
  return capabilities.has('LITERAL-') || capabilities.has('IMAP4REV2') ? 'minus' : 'synchronising';
}

/** True when the server has to ask for the literal before it is sent. */
export function mustAsk(mode: LiteralMode, octets: number): boolean {
  return mode === 'synchronising' || (mode === 'minus' && octets > LITERAL_MINUS_BYTES);
}

/** `{5}` or `{5+}`, as it ends the line before the literal. */
export function literalHeader(mode: LiteralMode, octets: number): string {
  return mustAsk(mode, octets) ? `{${octets}}` : `{${octets}+}`;
}

/** The verb of a command, for errors: never an argument. */
export function verbOf(command: string): string {
  const words = command.split(' ', 2);
  const first = (words[0] ?? '').toUpperCase();
  return first === 'UID' ? `UID ${(words[1] ?? '').toUpperCase()}` : first;
}
