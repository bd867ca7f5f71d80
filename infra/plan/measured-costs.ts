/**
 * What passes cost, fitted to bench/results/2026-11-21-1936 (300 to 20,000 messages, 25 ms each way) and 2026-11-21-1924
 * (1,000,000 messages), without what one machine does at its start and what its timer asks. The test of this folder
 * computes those runs from these figures and compares.
 *
 * The servers were Dovecot on the same machine: real providers answer more slowly.
 */
export const MEASURED = {
  asOf: '2026-11-21',
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
  requests: { firstPass: 18, laterLane: 8, page: 3, share: 2.5 },
  writeUnits: { firstPass: 15, laterLane: 4, folder: 2, claimAndWorkItem: 3 },
  readUnits: { firstPass: 4, laterLane: 3, page: 1, share: 4 },
  /** Of one message in its page: before it is copied, and after. */
  entryBytes: { planned: 2.8, copied: 15 },
  /** Of a page beside its entries. */
  pageBytes: 100,
  /** A pass that finds nothing new. */
  quietPass: { requests: 15, writeUnits: 12, readUnits: 11 },
  /** As much more costs a pass that finds something, of each folder in which it does. */
  newMail: { requests: 15, writeUnits: 12, readUnits: 8 },
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
