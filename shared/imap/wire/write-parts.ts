import { type CommandPart, literalHeader, type LiteralMode, mustAsk } from './command-part.ts';
import type { OpenCommand } from './open-command.ts';

/**
 * Writes text and small literals of a command, asking for leave where the server wants to be asked.
 * @returns false when the server answered before it had everything: nothing more may be written
 */
export async function writeParts(
  command: OpenCommand,
  parts: readonly CommandPart[],
  mode: LiteralMode,
): Promise<boolean> {
  for (const part of parts) {
    if (typeof part === 'string') {
      command.write(part);
      continue;
    }
    command.write(`${literalHeader(mode, part.length)}\r\n`);
    if (mustAsk(mode, part.length) && !(await command.leave())) return false;
    command.write(part);
  }
  return true;
}
