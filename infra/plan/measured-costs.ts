/**
 * What passes cost. Requests and units are fitted to bench/results/2026-11-22-1101 (1 to 20,000 messages in 1 to 200
 * folders) and 2026-11-22-1111 (1,000,000 messages), without what one machine does at its start and what its timer asks.
 * The test of this folder computes those runs from these figures and compares. Rates and seconds are from
 * 2026-11-21-1936, when the machine was slower.
 *
 * The servers were Dovecot on the same machine: real providers answer more slowly.
 */
export const MEASURED = {
  asOf: '2026-11-22',
  /** Messages a second of one lane: office-5000, from the first sign-in to the last goodbye, 4 lanes. */
  messagesPerSecond: 360,
  /** Bytes a second of one lane: attachments-200, likewise, one lane. */
  bytesPerSecond: 42_000_000,
  seconds: {
    /** Sign-in at both ends and the plan of a first pass, and the count at its end. */
    plan: 1.5,
    /** A lane signs in at both ends. */
    laneStart: 0.5,
    /** A pass that finds nothing new. */
    quietPass: 0.7,
    /** As much longer is a pass that finds something. */
    newMail: 0.6,
  },
  /** A first pass: requests to DynamoDB. */
  requests: { firstPass: 20, laterLane: 11, page: 1.2, share: 3 },
  writeUnits: { firstPass: 16, laterLane: 3, folder: 1.5, claimAndWorkItem: 1.75 },
  /** Before each share the list of work is looked at: its first pieces, `listed` of them at most. */
  readUnits: { firstPass: 7, laterLane: 6, folder: 0.75, page: 1.25, share: 1.5, piece: 0.04, listed: 240 },
  /** Of one message in its page: before it is copied, and after. */
  entryBytes: { planned: 2.8, copied: 15 },
  /** Of a page beside its entries. */
  pageBytes: 100,
  /** A pass that finds nothing new. */
  quietPass: { requests: 16, writeUnits: 12, readUnits: 10.5, readUnitsOfFolder: 0.26 },
  /** As much more costs a pass that finds something, of each folder in which it does. */
  newMail: { requests: 16, writeUnits: 12, readUnits: 7 },
} as const;

/** What nobody has measured. */
export const ASSUMED = {
  /** Bytes of a message where only the mailbox's size is known. */
  messageBytes: 75_000,
  /** New messages a day and mailbox. */
  newMessagesPerDay: 40,
  folders: 12,
  /** Bytes on the wire beside a message's own: the command, its flags and date. */
  commandBytes: 150,
  /** Bytes that one invocation writes to the logs, Lambda's own lines included. */
  logBytes: 2000,
  /** Ms of a request to DynamoDB, from a function. */
  tableMs: 5,
  /** Requests to the HTTP API a day of whoever watches: one console that looks every ten seconds. */
  looksPerDay: 8640,
  /** The timer wakes a mailbox that waits for its turn: what it and the function woken read and write. */
  idleWake: { dynamoDbRequests: 6, readUnits: 5, writeUnits: 3, lambdaSeconds: 0.05 },
  /** Beside its pages: the mailbox, its events, a folder; with what DynamoDB counts for each item. */
  mailboxBytes: 4000,
  folderBytes: 800,
  /** Receivers that wait at each of the three queues while nothing comes, 20 s at a time. */
  receivers: 5,
} as const;
