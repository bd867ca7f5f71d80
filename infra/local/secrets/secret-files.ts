import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { MasterKeyError } from '../errors.ts';
import { SecretsManagerError } from './errors.ts';
import { type SecretRecord, secretRecord } from './secret-record.ts';
import { syncFolder, writeFileAtomically } from '../write-file-atomically.ts';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SUFFIX = '.secret';
const CHECK_FILE = 'key-check';
const CHECK_TEXT = 'mailhaul secrets, format 1';

/**
 * Secrets in a folder of encrypted files (mode 0600), one for each secret: iv, authentication tag, AES-256-GCM of the
 * record as JSON. The file's name is a digest of the secret's and is authenticated with it, so that files cannot be
 * swapped. Not even names are on the disk in clear.
 */
export class SecretFiles {
  readonly #folder: string;
  readonly #key: Uint8Array;

  private constructor(folder: string, key: Uint8Array) {
    this.#folder = folder;
    this.#key = key;
  }

  /** @throws MasterKeyError when the folder was written with another key */
  static async open(folder: string, key: Uint8Array): Promise<SecretFiles> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = new SecretFiles(folder, key);
    const check = await files.#readFile(CHECK_FILE);
    if (check === undefined) {
      await writeFileAtomically(
        join(folder, CHECK_FILE),
        files.#encrypt(CHECK_FILE, Buffer.from(CHECK_TEXT)),
      );
    } else {
      try {
        files.#decrypt(CHECK_FILE, check);
      } catch (error) {
        throw new MasterKeyError(
          'The secrets in the state folder were encrypted with another key. Give the key they were written with.',
          error,
        );
      }
    }
    return files;
  }

  async read(name: string): Promise<SecretRecord | undefined> {
    const file = fileNameOf(name);
    const content = await this.#readFile(file);
    return content === undefined ? undefined : this.#parse(file, content);
  }

  async write(record: SecretRecord): Promise<void> {
    const file = fileNameOf(record.name);
    await writeFileAtomically(
      join(this.#folder, file),
      this.#encrypt(file, Buffer.from(JSON.stringify(record))),
    );
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.#folder, fileNameOf(name)), { force: true });
    await syncFolder(this.#folder);
  }

  async list(): Promise<SecretRecord[]> {
    const records: SecretRecord[] = [];
    for (const file of await readdir(this.#folder)) {
      const content = file.endsWith(SUFFIX) ? await this.#readFile(file) : undefined;
      if (content !== undefined) records.push(this.#parse(file, content));
    }
    return records;
  }

  #parse(file: string, content: Uint8Array): SecretRecord {
    try {
      return secretRecord.parse(JSON.parse(this.#decrypt(file, content).toString('utf8')));
    } catch (error) {
      throw new SecretsManagerError(
        'DecryptionFailure',
        "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
        error,
      );
    }
  }

  async #readFile(file: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.#folder, file));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  #encrypt(file: string, plain: Uint8Array): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv).setAAD(Buffer.from(file));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  #decrypt(file: string, content: Uint8Array): Buffer {
    const iv = content.subarray(0, IV_BYTES);
    const tag = content.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(file))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(content.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  }
}

function fileNameOf(name: string): string {
  return createHash('sha256').update(name).digest('hex') + SUFFIX;
}
