import { backoffMs, type Pacing } from '../aws-clients/pacing.ts';
import type {
  SecretPointer,
  SecretPointerKey,
  SecretPointerRepository,
} from '../state/secret-pointer-repository.ts';
import { CredentialsGoneError, VaultBusyError, VaultUnavailableError } from './errors.ts';
import { secretName } from './secret-name.ts';
import type { SecretStore } from './secret-store.ts';

/** The next value of a pointer. */
interface NextSecret {
  readonly text: string;
  readonly mailboxes: readonly string[];
}

/** Values that live in secrets of their own, each change in a new one (`docs/decisions/credential-shards.md`). */
export interface PointedSecrets {
  /** @returns undefined when there is no value */
  read(key: SecretPointerKey): Promise<string | undefined>;
  /**
   * Reads, changes and writes back, again until nobody interfered: no writer loses another's change.
   * `change` gets the text of the value, if there is one, and the pointer; it returns undefined for "leave it".
   * @param options.isNew the pointer has been made just now: it is not read before it is written
   * @returns whether it was changed
   * @throws CredentialsGoneError when there is no such pointer or it is sealed
   */
  change(
    key: SecretPointerKey,
    change: (text: string | undefined, pointer: SecretPointer) => NextSecret | undefined,
    options?: { readonly isNew: boolean },
  ): Promise<boolean>;
  /** Takes the value away and destroys every secret that may hold it or an older one. Idempotent. */
  destroy(key: SecretPointerKey, options: { readonly seal: boolean }): Promise<void>;
}

const CHANGE_TRIES = 20;
/** Secrets Manager may need moments until a new secret is seen everywhere. */
const READ_TRIES = 6;

export function createPointedSecrets(
  store: SecretStore,
  options: { readonly prefix: string; readonly pointers: SecretPointerRepository; readonly pacing: Pacing },
): PointedSecrets {
  const { pointers, pacing, prefix } = options;
  const backOff = (tried: number): Promise<void> => pacing.delay(backoffMs(tried, pacing.random));

  /** The pointer with its value: of one moment, even while others move the pointer on. */
  const load = async (key: SecretPointerKey) => {
    for (let tried = 1; tried <= READ_TRIES; tried += 1) {
      const pointer = await pointers.get(key);
      if (pointer?.current === undefined) return { pointer, text: undefined };
      const text = await store.read(secretName(prefix, key, pointer.current));
      if (text !== undefined) return { pointer, text };
      // Deleted since by a writer who has moved the pointer on, or too new to be seen: look again.
      await backOff(tried);
    }
    throw new VaultUnavailableError('GetSecretValue');
  };

  const drop = async (key: SecretPointerKey, secret: string): Promise<void> => {
    await store.destroy(secretName(prefix, key, secret));
    await pointers.forget(key, secret);
  };

  return {
    async read(key) {
      return (await load(key)).text;
    },

    async change(key, change, { isNew } = { isNew: false }) {
      for (let tried = 1; tried <= CHANGE_TRIES; tried += 1) {
        const { pointer, text } = isNew && tried === 1 ? newPointer(key) : await load(key);
        if (pointer === undefined || pointer.sealed) throw new CredentialsGoneError();
        const next = change(text, pointer);
        if (next === undefined) return false;
        const made = await pointers.register(key);
        if (made === undefined) throw new CredentialsGoneError();
        await store.create(secretName(prefix, key, made), next.text);
        const from = pointer.current;
        const bytes = Buffer.byteLength(next.text);
        if (await pointers.move(key, { from, to: made, mailboxes: next.mailboxes, bytes })) {
          if (from !== undefined) await drop(key, from);
          return true;
        }
        await drop(key, made);
        await backOff(tried);
      }
      throw new VaultBusyError();
    },

    async destroy(key, { seal }) {
      const cleared = await pointers.clear(key, { seal });
      if (cleared === undefined) return;
      // The ids stay known: one of them may be a secret that its writer has not made yet.
      for (const secret of cleared.secrets) await store.destroy(secretName(prefix, key, secret));
    },
  };
}

function newPointer(key: SecretPointerKey): { pointer: SecretPointer; text: undefined } {
  return { pointer: { key, secrets: [], mailboxes: [], bytes: 0, sealed: false }, text: undefined };
}
