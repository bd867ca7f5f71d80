import { HeaderFingerprint } from '../../migration/fingerprint.ts';

export interface HeaderTap {
  /** The bytes of the original, unchanged. May be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The fingerprint of the header that has passed so far: final once the body has passed. */
  fingerprint(): bigint;
}

/**
 * Computes a message's fingerprint while its body passes, in a few kilobytes of memory whatever the header's size.
 *
 * @example
 * const tap = tapHeader(message.body);
 * const { outcome } = await appender.append({ ...message, body: tap.body });
 * const fingerprint = tap.fingerprint();
 */
export function tapHeader(body: AsyncIterable<Uint8Array>): HeaderTap {
  const header = new HeaderFingerprint();
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      if (!header.complete) header.update(chunk);
      yield chunk;
    }
  }
  return { body: pass(), fingerprint: () => header.digest() };
}
