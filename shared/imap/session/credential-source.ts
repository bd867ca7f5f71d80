import type { Wait } from '../wire/wait.ts';
import type { ImapCredential } from './imap-endpoint.ts';

/** Gives what an account signs in with at the moment when it is needed: a token may have to be asked for first. */
export interface CredentialSource {
  /** True where something must be asked for before the sign-in. */
  readonly asksFirst: boolean;
  /** @throws ImapError when there is none */
  get(wait: Wait): Promise<ImapCredential>;
  /**
   * Another one in place of one that the server has refused.
   * @returns undefined where the refusal is the last word: a password, or a token that was as new as can be
   * @throws ImapError as `get`
   */
  renew(refused: ImapCredential, wait: Wait): Promise<ImapCredential | undefined>;
}

/** A password: it is what it is. */
export function fixedCredential(credential: ImapCredential): CredentialSource {
  return { asksFirst: false, get: async () => credential, renew: async () => undefined };
}
