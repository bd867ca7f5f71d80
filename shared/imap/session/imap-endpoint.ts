/** Where an IMAP server is and how much encryption it must give. */
export interface ImapEndpoint {
  /** A DNS name or an IP address. */
  host: string;
  port: number;
  /**
   * `tls`: encrypted from the first byte (RFC 8314). `starttls`: upgraded before anything secret is sent, refused
   * where that is not possible. `insecure`: plain text, nothing is verified; for tests and closed networks.
   */
  security: 'tls' | 'starttls' | 'insecure';
  /** PEM certificates trusted beside those of the system. */
  ca?: string;
  /** The name to ask for and to verify where it differs from `host`. */
  servername?: string;
  /** Id of its provider's profile where somebody chose it; else the name of the host tells. */
  provider?: string;
}

/** What signs in. `authorizeAs` opens another user's mailbox (SASL authorisation identity, RFC 4616). */
export type ImapCredential =
  | { kind: 'password'; user: string; password: string; authorizeAs?: string }
  | { kind: 'oauth'; user: string; accessToken: string };
