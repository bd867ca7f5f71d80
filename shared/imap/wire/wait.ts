/** How long a caller is prepared to wait for a server. */
export interface Wait {
  /** Ends the wait. A pipeline cannot be taken back, so the connection ends with it. */
  readonly signal: AbortSignal;
  /** The longest silence of the server while a command is unanswered, in ms. */
  readonly deadlineMs: number;
}
