import type { Command } from '../measure/run-measured.ts';
import type { MailboxAccess } from '../../test/support/imap-test-client.ts';

export const TOOL_NAMES = ['mailhaul', 'transfer', 'workers', 'mbsync', 'offlineimap', 'imapsync'] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** The passes over one mailbox, in their order: the first copy, nothing new, 1 % new mail. */
export const PASSES = ['first', 'unchanged', 'new-mail'] as const;
export type Pass = (typeof PASSES)[number];

/** One mailbox to be copied by a tool, with what the tool keeps between its passes. */
export interface CopyTask {
  readonly source: MailboxAccess;
  readonly destination: MailboxAccess;
  /** Parents first. */
  readonly folders: readonly string[];
  /** An empty folder of the tool's own. */
  readonly stateFolder: string;
  /** A folder for all runs, which is removed after the last. */
  readonly workspace: string;
  /** Connections to each side; undefined: what the tool does by itself. */
  readonly lanes: number | undefined;
  /** Where a CPU profile of our own process goes. */
  readonly profileFolder: string | undefined;
}

/** A way to copy a mailbox. */
export interface BenchTool {
  readonly name: ToolName;
  /** Ours: what it measures of itself is read, and a copy that does not verify is fatal. */
  readonly ours: boolean;
  readonly passes: readonly Pass[];
  /** How it is run, for the reader of the results. */
  readonly configuration: string;
  /** How to get it. */
  readonly remedy: string;
  /** Its version; undefined when it is not installed. */
  version(): Promise<string | undefined>;
  /** Writes what the tool needs, and answers how to run it; the same command runs all passes. */
  prepare(task: CopyTask): Promise<Command>;
}
