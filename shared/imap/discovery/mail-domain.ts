import { domainToASCII } from 'node:url';

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const LONGEST = 253;

/** The domain of an e-mail address, or of a domain given alone, as the DNS has it (punycode); undefined if neither. */
export function mailDomain(addressOrDomain: string): string | undefined {
  const given = addressOrDomain.slice(addressOrDomain.lastIndexOf('@') + 1).replace(/\.$/, '');
  // The URL parser behind domainToASCII reads more into a text than a name.
  if (given.length > LONGEST || /[\s\p{Cc}/\\?#:[\]%]/u.test(given)) return undefined;
  const domain = domainToASCII(given).toLowerCase();
  const labels = domain.split('.');
  if (labels.length < 2 || domain.length > LONGEST || !labels.every((label) => LABEL.test(label)))
    return undefined;
  // An IPv4 address is no domain.
  return /^\d+$/.test(labels.at(-1) ?? '') ? undefined : domain;
}
