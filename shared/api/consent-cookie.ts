/** Characters of the `state` in the name: several links may be open in one browser. */
const NAMED = 16;

/**
 * `__Host-` makes browsers take it from this very host and by TLS alone (RFC 6265bis 4.1.3.2). On one machine there is
 * no TLS. Lax: the way back from the sign-in service is a link that is followed, and nothing else.
 */
function nameOf(state: string, secure: boolean): string {
  return `${secure ? '__Host-' : ''}mailhaul-consent-${state.slice(0, NAMED)}`;
}

function attributesOf(secure: boolean): string {
  return `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** Keeps the word of an attempt in the browser that began it. */
export function attemptCookie(
  state: string,
  word: string,
  { secure, maxAgeSeconds }: { readonly secure: boolean; readonly maxAgeSeconds: number },
): string {
  return `${nameOf(state, secure)}=${word}; Max-Age=${maxAgeSeconds}; ${attributesOf(secure)}`;
}

export function forgetAttemptCookie(state: string, { secure }: { readonly secure: boolean }): string {
  return `${nameOf(state, secure)}=; Max-Age=0; ${attributesOf(secure)}`;
}

/** @param cookies `name=value` each */
export function readAttemptCookie(
  cookies: readonly string[],
  state: string,
  { secure }: { readonly secure: boolean },
): string | undefined {
  const begin = `${nameOf(state, secure)}=`;
  const word = cookies.find((cookie) => cookie.startsWith(begin))?.slice(begin.length);
  return word !== undefined && /^[\w-]{43}$/.test(word) ? word : undefined;
}
