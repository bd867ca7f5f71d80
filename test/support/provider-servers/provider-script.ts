import type { MailFolder } from './mail-folder.ts';

/** A folder that a provider gives to every user; the path in Unicode, with the provider's delimiter. */
interface GivenFolder {
  readonly path: string;
  readonly attributes?: readonly string[];
}

/** Why a server does not do something, as it says so: `NO …` or `BAD …`. */
type Refusal = string | undefined;

/** What a provider's server is and does, as far as it is not what every server does. */
export interface ProviderScript {
  readonly name: string;
  /** The name by which the provider is known. */
  readonly host: string;
  /** Behind `* OK `. */
  readonly greeting: string;
  readonly capabilities: { readonly before: string; readonly after: string };
  /** Whether LOGIN and PLAIN are taken; XOAUTH2 is where it is announced, with the password as token. */
  readonly takesPasswords: boolean;
  readonly folders: readonly GivenFolder[];
  readonly permanentFlags: readonly string[];
  /** The words behind the tagged OK of a command. */
  readonly okWords: (verb: string) => string;
  /** The words for a folder that cannot be opened. */
  readonly unknownFolder: (path: string) => string;
  /** Two names that differ only in case are one. */
  readonly caseInsensitive?: boolean;
  /** A message is there once, under as many labels as it has; copying it adds a label. */
  readonly labels?: boolean;
  /** Nothing can be written, whatever the command. */
  readonly readOnly?: boolean;
  /** A folder shows only its newest so many messages. */
  readonly shownMessages?: number;
  /** STATUS counts all of them, shown or not. */
  readonly statusCountsHidden?: boolean;
  /** Bytes of a command line, literals not counted; a longer one is refused with these words. */
  readonly longestLine?: { readonly bytes: number; readonly refusal: string };
  /** After so many NO and BAD the connection ends with these words. */
  readonly mostErrors?: { readonly count: number; readonly bye: string };
  /** How many connections one user may have, and what one more is told when it signs in. */
  readonly mostConnections?: { readonly count: number; readonly refusal: string };
  /** RFC822.SIZE; the length where not given. */
  readonly sizeOf?: (bytes: Buffer) => number;
  /** ESEARCH is announced and gives no UIDs. */
  readonly brokenEsearch?: boolean;
  /** FETCH RFC822 gives no body. */
  readonly withoutRfc822?: boolean;
  readonly refuseName?: (path: string) => Refusal;
  /** Asked before the message is read, of the size that was announced. */
  readonly refuseSize?: (bytes: number) => Refusal;
  readonly refuseMessage?: (bytes: Buffer) => Refusal;
  /** What becomes of a message once it is in a folder, or its flags have changed. */
  readonly settle?: (folderAt: (path: string) => MailFolder, folder: MailFolder, uid: number) => void;
}
