import type { BenchTool, ToolName } from './bench-tool.ts';
import { imapsyncTool } from './imapsync-tool.ts';
import { mailhaulTool } from './mailhaul-tool.ts';
import { mbsyncTool } from './mbsync-tool.ts';
import { offlineimapTool } from './offlineimap-tool.ts';
import { transferTool } from './transfer-tool.ts';
import { workersTool } from './workers-tool.ts';

/** @param environment its IMAPSYNC names the imapsync script */
export function benchTools(
  names: readonly ToolName[],
  environment: Readonly<Record<string, string | undefined>>,
): BenchTool[] {
  const tools = [
    mailhaulTool,
    transferTool,
    workersTool(),
    mbsyncTool,
    offlineimapTool,
    imapsyncTool(environment['IMAPSYNC']),
  ];
  return tools.filter(({ name }) => names.includes(name));
}
