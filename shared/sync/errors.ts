/** Another worker holds what this one worked on, or the lease has lapsed: nothing more may be sent or written. */
export class LeaseLostError extends Error {
  readonly code = 'LeaseLost';
  constructor(options?: { cause?: unknown }) {
    super('The lease on this mailbox was lost. Another worker goes on from the ledger.', options);
    this.name = 'LeaseLostError';
  }
}

/** The books do not balance (I1): what the source lists and what the ledger holds differ. */
export class LedgerMismatchError extends Error {
  readonly code = 'LedgerMismatch';
  readonly folder: string;
  readonly missing: number;
  constructor(folder: string, missing: number) {
    super(
      `The ledger of folder "${folder}" lacks ${missing} message(s) that the source lists. Start the mailbox again; if it stays so, report it.`,
    );
    this.name = 'LedgerMismatchError';
    this.folder = folder;
    this.missing = missing;
  }
}

/** Two messages of the source are recorded as one message of the destination (I2): one of them may be missing there. */
export class DestinationClaimedTwiceError extends Error {
  readonly code = 'DestinationClaimedTwice';
  readonly folder: string;
  /** Messages recorded under a destination UID that another one has. */
  readonly messages: number;
  constructor(folder: string, messages: number) {
    super(
      `${messages} message(s) in the destination's folder "${folder}" are recorded as the copy of two source messages. Compare the folder at both ends; a new migration of this mailbox recognises what is there and copies only what is missing.`,
    );
    this.name = 'DestinationClaimedTwiceError';
    this.folder = folder;
    this.messages = messages;
  }
}

/** The destination's folder is not the one that was planned (another UIDVALIDITY): the pass must be planned anew. */
export class DestinationReplacedError extends Error {
  readonly code = 'DestinationReplaced';
  readonly folder: string;
  constructor(folder: string) {
    super(
      `The destination's folder "${folder}" was replaced while it was being filled. It will be matched again.`,
    );
    this.name = 'DestinationReplacedError';
    this.folder = folder;
  }
}

/** The source's folder is not the one that was planned (another UIDVALIDITY): its UIDs mean other messages now. */
export class SourceReplacedError extends Error {
  readonly code = 'SourceReplaced';
  constructor(options?: { cause?: unknown }) {
    super('A folder of the source was replaced while it was read. It will be planned again.', options);
    this.name = 'SourceReplacedError';
  }
}

/** An account has moved as much as its provider allows in a day. Work goes on at `until`. */
export class DailyVolumeError extends Error {
  readonly code = 'DailyVolume';
  readonly side: 'source' | 'destination';
  readonly dailyBytes: number;
  /** Ms since the epoch. */
  readonly until: number;
  constructor(details: { side: 'source' | 'destination'; host: string; dailyBytes: number; until: number }) {
    const { dailyBytes, host, side, until } = details;
    const way = side === 'source' ? 'lets out' : 'takes in';
    super(
      `${host} ${way} ${Math.round(dailyBytes / 1_000_000)} MB a day for each account, and that is used. The mailbox goes on at ${new Date(until).toISOString()}.`,
    );
    this.name = 'DailyVolumeError';
    this.side = side;
    this.dailyBytes = dailyBytes;
    this.until = until;
  }
}

/** Others have as many connections to a server as its budget allows. The mailbox goes on when one of them ends. */
export class HostBusyError extends Error {
  readonly code = 'HostBusy';
  readonly side: 'source' | 'destination';
  readonly host: string;
  /** As many as there may be. */
  readonly connections: number;
  constructor(details: { side: 'source' | 'destination'; host: string; connections: number }) {
    const { connections, host, side } = details;
    super(
      `All ${connections} connections that ${host} may have at once are in use. The mailbox goes on by itself when one is free.`,
    );
    this.name = 'HostBusyError';
    this.side = side;
    this.host = host;
    this.connections = connections;
  }
}

/** The destination takes no more mail of this mailbox until somebody makes room. */
export class DestinationFullError extends Error {
  readonly code = 'DestinationFull';
  readonly serverText: string;
  constructor(serverText: string, options?: { cause?: unknown }) {
    super(`The destination mailbox is full: ${serverText}`, options);
    this.name = 'DestinationFullError';
    this.serverText = serverText;
  }
}

/** What a mailbox is opened with on one side is not stored. */
export class CredentialMissingError extends Error {
  readonly code = 'CredentialMissing';
  readonly side: 'source' | 'destination';
  constructor(side: 'source' | 'destination') {
    super(`There is no ${side} password or consent for this mailbox. Give one and start again.`);
    this.name = 'CredentialMissingError';
    this.side = side;
  }
}

/** The migration's source or destination is not configured (any more). */
export class EndpointMissingError extends Error {
  readonly code = 'EndpointMissing';
  readonly side: 'source' | 'destination';
  constructor(side: 'source' | 'destination') {
    super(`The ${side} server is not configured. Configure it, test it and start again.`);
    this.name = 'EndpointMissingError';
    this.side = side;
  }
}

/** The folder at which the mailbox begins at the source is not there. */
export class SourceRootMissingError extends Error {
  readonly code = 'SourceRootMissing';
  readonly root: string;
  constructor(root: string) {
    super(`The source shows no folder "${root}" to this account, at which the mailbox is to begin.`);
    this.name = 'SourceRootMissingError';
    this.root = root;
  }
}

/** Another lane appends to the folder that was to be examined after a crash: try again when it has ended. */
export class FolderBusyError extends Error {
  readonly code = 'FolderBusy';
  readonly folderId: string;
  constructor(folderId: string) {
    super('Another lane still works in this folder.');
    this.name = 'FolderBusyError';
    this.folderId = folderId;
  }
}
