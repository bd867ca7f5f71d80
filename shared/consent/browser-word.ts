import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What ties an attempt to the browser in which it began (RFC 9700 2.1). A word that only this browser has, as a cookie,
 * gives the code verifier (RFC 7636) and the nonce; we keep its digest. So an attempt that is read from the table, or a
 * code that is caught on its way, is worth nothing.
 */
export function digestOf(word: string): string {
  return createHash('sha256').update(word).digest('base64url');
}

export function isDigestOf(word: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(word)), Buffer.from(digest));
}

export function codeVerifierOf(browserWord: string, state: string): string {
  return derived(browserWord, 'code verifier', state);
}

export function nonceOf(browserWord: string, state: string): string {
  return derived(browserWord, 'nonce', state);
}

function derived(browserWord: string, purpose: string, state: string): string {
  return createHmac('sha256', browserWord)
    .update(JSON.stringify([purpose, state]))
    .digest('base64url');
}
