import type { ImapCredential } from './imap-endpoint.ts';

/** Shorter pieces of base64 are found by chance. */
const LEAST_TELLING_BASE64 = 6;
/** Shorter secrets are found by chance in ordinary words: text that holds one is withheld as a whole. */
const LEAST_TELLING_LENGTH = 4;
const MASK = '•••';

/**
 * A function that takes the secret out of whatever a server says, in the forms it travels in: as typed, quoted as
 * LOGIN sends it, and base64 as SASL does. Servers do echo commands that they do not understand.
 */
export function createScrubber(credential: ImapCredential): (text: string) => string {
  const secret = credential.kind === 'password' ? credential.password : credential.accessToken;
  const authorizeAs = credential.kind === 'password' ? (credential.authorizeAs ?? '') : '';
  return scrubberFor(secret, [
    base64(`${authorizeAs}\0${credential.user}\0${secret}`),
    base64(`user=${credential.user}\x01auth=Bearer ${secret}\x01\x01`),
  ]);
}

/** As `createScrubber`, for any secret. @param wholes further texts that are as secret as it is */
export function scrubberFor(secret: string, wholes: readonly string[] = []): (text: string) => string {
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret, 'utf8').toString('latin1'),
    encodeURIComponent(secret),
    base64(secret),
    ...wholes,
    ...withinBase64(secret),
  ];
  const needles = [...new Set(forms)].filter((form) => form.length > 0);
  const byLength = needles.toSorted((a, b) => b.length - a.length);
  return (text) => {
    if (secret.length < LEAST_TELLING_LENGTH && text.includes(secret)) return '(withheld)';
    return byLength.reduce((rest, needle) => rest.replaceAll(needle, MASK), text);
  };
}

/** How the secret looks in the base64 of something longer: three ways, by where it begins in a group of three bytes. */
function withinBase64(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2]
    .map((before) => {
      const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
      // without the characters that hold bits of its neighbours
      const whole = Math.floor(((before + bytes.length) * 8) / 6);
      return encoded.slice(before === 0 ? 0 : before + 1, whole);
    })
    .filter((piece) => piece.length >= LEAST_TELLING_BASE64);
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
