import { decodeModifiedUtf7, encodeModifiedUtf7 } from '../../shared/migration/modified-utf7.ts';
import { LeftOutOfBundleError } from './errors.ts';

/**
 * Stands for iconv-lite in the functions' bundles: imapflow asks it for the names of folders and, in the content of
 * messages, for charsets of all kinds.
 */
export default {
  encode(text: string, charset: string): Buffer {
    demandModifiedUtf7(charset);
    return Buffer.from(encodeModifiedUtf7(text));
  },
  decode(bytes: Buffer, charset: string): string {
    demandModifiedUtf7(charset);
    return decodeModifiedUtf7(bytes.toString());
  },
};

function demandModifiedUtf7(charset: string): void {
  if (charset !== 'utf-7-imap') throw new LeftOutOfBundleError(`the charset ${charset}`);
}
