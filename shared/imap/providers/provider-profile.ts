import type { OwnFolderNames } from '../../migration/folder-uses.ts';
import type { ProviderRefusals } from '../known-refusal.ts';
import type { InstructionCode, NoteCode } from './provider-text-codes.ts';

type SignInWay = 'password' | 'app-password' | 'oauth2';

/** What is known of a mail provider or server product before talking to it. Data only. */
export interface ProviderProfile {
  /** Stored with connections: never renamed. */
  readonly id: string;
  readonly name: string;
  /** Missing where every organisation has its own server. */
  readonly host?: string;
  /** Shows what `host` hides (`messagesPerFolder`), for reading only. */
  readonly readOnlyHost?: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls';
  /** Best way first. */
  readonly signIn: readonly SignInWay[];
  /** What users or their administrator must do before mailboxes can be read, in this order. */
  readonly instructions: readonly InstructionCode[];
  /** What is good to know beforehand. */
  readonly notes: readonly NoteCode[];
  /** Host names by which the provider is recognised; with a leading dot, every name below. */
  readonly knownHosts: readonly string[];
  /** Mail exchangers (MX) by which a domain of this provider is known. */
  readonly mailExchangers: readonly MailExchanger[];
  readonly refusals: ProviderRefusals;
  /** Connections to begin with, per account, shared by all workers; the user's own mail programs need some too. */
  readonly connections: number;
  /** Bytes a day and account that the provider lets out by IMAP. */
  readonly dailyBytesDown?: number;
  /** Bytes a day and account that the provider takes in by IMAP. */
  readonly dailyBytesUp?: number;
  /** True where RFC822.SIZE is the number of bytes that FETCH will send, so that it may tell messages apart. */
  readonly sizesExact: boolean;
  readonly limits?: ProviderLimits;
  readonly oauth?: ProviderOAuth;
  /** How an administrator's user name opens another mailbox; see `fillUserName`. */
  readonly administratorUser?: string;
  /** True where SASL PLAIN takes an authorisation identity (RFC 4616). */
  readonly authorizationIdentity?: boolean;
  readonly folders?: FolderNameRules;
  readonly flags?: FlagRules;
}

/** A mail exchanger, and where the mail that it takes is read. */
export interface MailExchanger {
  /** A host name; with a leading dot, every name below. */
  readonly name: string;
  /** Where it differs from the profile's `host`: by region, or for domains of organisations. */
  readonly imapHost?: string;
}

/** Where OAuth 2.0 tokens for IMAP come from. Addresses may be given otherwise with a connection (national clouds). */
export interface ProviderOAuth {
  /** `{directory}` stands for the organisation. */
  readonly tokenUrl: string;
  readonly authorizationUrl: string;
  /** The directory where users consent for themselves, unless one is given. */
  readonly directory?: string;
  /** What to ask for, by how it is asked for; a grant that is missing is not possible. */
  readonly scopes: Readonly<
    Partial<Record<'client-credentials' | 'refresh-token' | 'service-account', readonly string[]>>
  >;
  /** How a user is asked for consent. */
  readonly consent: {
    /** Of its identity tokens (OpenID Connect); `{directory}` stands for the one that the token names. */
    readonly issuer: string;
    /** Asked for besides, to learn who has consented. */
    readonly identityScopes: readonly string[];
    /** Without which it gives no refresh token, or not each time. */
    readonly parameters: Readonly<Record<string, string>>;
  };
}

interface ProviderLimits {
  readonly connectionsPerAccount?: number;
  /** Of all accounts together, where the operator counts them. */
  readonly connectionsPerHost?: number;
  /** Largest message that APPEND takes, in bytes, unless the server announces one (RFC 7889). */
  readonly messageBytes?: number;
  /** Longest line inside a message that APPEND takes, in bytes. */
  readonly lineBytes?: number;
  /** Longest command line, in bytes. */
  readonly commandBytes?: number;
  /** Messages a second to begin with when writing. */
  readonly messagesPerSecond?: number;
  /** A folder may show only its newest so many messages: one of these numbers. */
  readonly messagesPerFolder?: readonly number[];
}

/** What a folder may be called there. Lengths are those of one part of a path, without delimiters. */
interface FolderNameRules {
  /** What the provider itself calls its folders, by special use, the usual name first. */
  readonly ownNames?: OwnFolderNames;
  readonly partCharacters?: number;
  readonly partBytes?: number;
  /** Of the whole path as the server sees it, in bytes. */
  readonly pathBytes?: number;
  /** Characters that no name may hold, besides control characters and the delimiter. */
  readonly forbidden?: string;
  /** True where blanks at the ends of a name are refused or cut away. */
  readonly trimmed?: boolean;
  /** True where names that differ in case alone are one folder. INBOX is so everywhere (RFC 3501 5.1). */
  readonly caseInsensitive?: boolean;
  /** Names that cannot be created at the top. */
  readonly reserved?: readonly string[];
  /** False where a name must not end with a dot. */
  readonly trailingDots?: boolean;
  /** Names at the top that hold no mail, though they are listed. */
  readonly withoutMail?: readonly string[];
}

/** What becomes of flags there. */
export interface FlagRules {
  /** False where only system flags are kept (RFC 3501 2.3.2). */
  readonly keywords?: boolean;
  /** Flags that must not be set, because the provider acts on them. */
  readonly omit?: readonly string[];
}
