/** One mailbox to move, from the CSV file or from --source-user and --destination-user. */
export interface UserRow {
  /** The destination mailbox and the login there. */
  readonly emailAddress: string;
  /** The login at the source. */
  readonly userName: string;
  /** For the source, where each mailbox is opened by a password. */
  readonly password?: string;
  /** For the source, where each mailbox is opened by consent of its user. */
  readonly refreshToken?: string;
  readonly destinationPassword?: string;
  readonly destinationRefreshToken?: string;
  /** Where the mailbox begins at a source with shared folders (Courier, Oracle). */
  readonly userRoot?: string;
}

/**
 * What each user brings at each side; nothing where one account or application opens the server for all. `consent`: a
 * refresh token, or nothing yet, because the user can still consent by a link.
 */
export type WantedSecrets = Readonly<
  Record<'source' | 'destination', 'password' | 'refresh-token' | 'consent' | undefined>
>;
