import type { ImapCredential } from './imap-endpoint.ts';

/** Shorter secrets are found by chance in ordinary words: text that holds one is withheld as a whole. */
const LEAST_TELLING_LENGTH = 4;
const MASK = '•••';

/**
 * A function that takes the secret out of whatever a server says, in the forms it travels in: as typed, and base64 as
 * SASL sends it. Servers do echo commands that they do not understand.
 */
export function createScrubber(credential: ImapCredential): (text: string) => string {
  const secret = credential.kind === 'password' ? credential.password : credential.accessToken;
  const authorizeAs = credential.kind === 'password' ? (credential.authorizeAs ?? '') : '';
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret, 'utf8').toString('latin1'),
    encodeURIComponent(secret),
    base64(secret),
    base64(`${authorizeAs}\0${credential.user}\0${secret}`),
    base64(`user=${credential.user}\x01auth=Bearer ${secret}\x01\x01`),
  ];
  const needles = [...new Set(forms)].filter((form) => form.length > 0);
  const byLength = needles.toSorted((a, b) => b.length - a.length);
  return (text) => {
    if (secret.length < LEAST_TELLING_LENGTH && text.includes(secret)) return '(withheld)';
    return byLength.reduce((rest, needle) => rest.replaceAll(needle, MASK), text);
  };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
