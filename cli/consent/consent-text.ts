import type { ConsentLink } from '../api/mailhaul-api.ts';

/** One line for each link, for a person to send on. */
export function consentLines(links: readonly ConsentLink[]): string {
  return links.map(({ email, side, account, url }) => `${email} (${side}: ${account})\n  ${url}\n`).join('');
}

/** For programs that send mail to many; RFC 4180. */
export function consentCsv(links: readonly ConsentLink[]): string {
  const rows = links.map(({ email, account, side, url, expiresAt }) =>
    [email, account, side, url, expiresAt].map(cell).join(','),
  );
  return [['EmailAddress', 'Account', 'Side', 'Link', 'ValidUntil'].join(','), ...rows, ''].join('\r\n');
}

/** A cell that a spreadsheet would take for a formula begins with a quote mark, as OWASP advises. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
