/** What the process's exit code says; the numbers from 64 on are those of BSD's sysexits. */
export const EXIT = {
  /** Every mailbox is Synced and nothing was skipped or failed. */
  ok: 0,
  /** A mailbox failed or needs attention. */
  mailboxFailed: 2,
  /** Every mailbox is Synced, some messages were skipped or failed; the report names them. */
  itemsLeft: 3,
  /** The command line, the environment or the CSV file is wrong; nothing was begun. */
  usage: 64,
  /** Something that mailhaul needs is not to be had: a port, the state folder, the right Node. */
  unavailable: 69,
  /** A fault of mailhaul itself. */
  internal: 70,
  /** Stopped by Ctrl-C before the work was done; the same command continues it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For the end of every `--help`. */
export const EXIT_CODES_HELP = `
Exit codes:
    0  every mailbox is Synced, nothing was skipped or failed
    2  a mailbox failed or needs attention (the report says why and what to do)
    3  every mailbox is Synced, but some messages were skipped or failed (the report names them)
   64  wrong usage or a wrong CSV file; nothing was begun
   69  something mailhaul needs is not available (a port, the state folder)
   70  a fault inside mailhaul; --debug shows more
  130  stopped by Ctrl-C before the end; the same command continues`;
