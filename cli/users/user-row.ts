/** One mailbox to move, from the CSV file or from --source-user and --destination-user. */
export interface UserRow {
  /** The destination mailbox and the login there. */
  readonly emailAddress: string;
  /** The login at the source. */
  readonly userName: string;
  readonly password: string;
  readonly destinationPassword: string;
  /** Where the mailbox begins at a source with shared folders (Courier, Oracle). */
  readonly userRoot?: string;
}
