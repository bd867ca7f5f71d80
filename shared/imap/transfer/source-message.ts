/** A message on its way from the source. */
export interface SourceMessage {
  readonly uid: number;
  /** As the server wrote them, `\Recent` included; one character per byte. */
  readonly flags: readonly string[];
  /** Raw text as the server sent it, zone included, e.g. ` 7-Jan-2001 02:44:25 +0500`; empty if it gave none. */
  readonly internalDate: string;
  /** Octets of the body: the length of the literal, not RFC822.SIZE. */
  readonly size: number;
  /** May be read once. What is left of it is thrown away when the next message is asked for. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** A message that exists at the source but whose body does not come. */
export interface UndeliveredMessage {
  readonly uid: number;
  /** `no-body`: the server sent no body (`NIL`, or nothing); `refused`: it refused to send the message. */
  readonly reason: 'no-body' | 'refused';
  /** What the server said when it refused. */
  readonly error?: Error;
}
