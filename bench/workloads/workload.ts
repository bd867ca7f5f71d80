/** A message of a workload. */
export interface BenchMessage {
  /** Levels joined with '/', the separator of the benchmark's servers. */
  readonly folder: string;
  readonly flags: readonly string[];
  /** As APPEND takes it. */
  readonly internalDate: string;
  /** Builds the message; the same bytes every time. */
  readonly bytes: () => Buffer;
}

/** A mailbox to be copied. */
export interface Workload {
  readonly name: string;
  /** For people, such as '300 realistic messages in 12 folders'. */
  readonly description: string;
  readonly messageCount: number;
  /** Parents first. */
  readonly folders: readonly string[];
  /** Folder by folder. */
  messages(): Iterable<BenchMessage>;
  /** What arrives at the source before the third pass: 1 % of the messages, at least one. */
  newMail(): Iterable<BenchMessage>;
}
