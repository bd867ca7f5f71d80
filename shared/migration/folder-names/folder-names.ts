/**
 * What mail services and programs call the folders of five uses in one language: Exchange and Outlook, Gmail, Yahoo,
 * Apple Mail, Thunderbird, Roundcube, Zimbra, Zoho and the language's own large providers. The usual names come first.
 */
export interface FolderNames {
  /** BCP 47. */
  readonly language: string;
  readonly sent: readonly string[];
  readonly drafts: readonly string[];
  readonly trash: readonly string[];
  readonly junk: readonly string[];
  readonly archive: readonly string[];
}
