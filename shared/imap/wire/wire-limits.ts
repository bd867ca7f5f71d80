/**
 * Bounds on what a server may make us hold in memory. Message bodies are streamed and have no bound;
 * everything else that exceeds one of these ends the connection with a ProtocolError.
 */
export interface WireLimits {
  /** Bytes of text between two line ends or literals. Long SEARCH and ESEARCH lists are taken in parts and may be longer. */
  readonly lineBytes: number;
  /** Bytes of a literal that is no message body. A header above it is cut off there. */
  readonly literalBytes: number;
  /** Bytes of one response in all, bodies not counted. */
  readonly responseBytes: number;
  /** Lists within lists. */
  readonly nesting: number;
  /** Values (atoms, strings, lists) in one response. */
  readonly tokens: number;
  /** UIDs that one search may return. */
  readonly listedUids: number;
  /** Bytes received and not yet taken by the caller; above it the socket is no longer read. */
  readonly backlogBytes: number;
}

const KIB = 1024;

export const DEFAULT_WIRE_LIMITS: WireLimits = {
  lineBytes: 1024 * KIB,
  literalBytes: 1024 * KIB,
  responseBytes: 4096 * KIB,
  nesting: 32,
  tokens: 20_000,
  listedUids: 5_000_000,
  backlogBytes: 512 * KIB,
};
