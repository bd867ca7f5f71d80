/** The attributes of RFC 6154 and RFC 8457, and `\Inbox`, which some clients and libraries give to the inbox. */
export const SPECIAL_USES = [
  '\\Inbox',
  '\\All',
  '\\Archive',
  '\\Drafts',
  '\\Flagged',
  '\\Important',
  '\\Junk',
  '\\Sent',
  '\\Trash',
] as const;

export type SpecialUse = (typeof SPECIAL_USES)[number];

/** Names of XLIST, which Gmail had before RFC 6154. */
const FORMER_NAMES: Readonly<Record<string, SpecialUse>> = {
  '\\allmail': '\\All',
  '\\spam': '\\Junk',
  '\\starred': '\\Flagged',
};

/** The attribute in our spelling; undefined for anything else a server may have sent. */
export function parseSpecialUse(attribute: string): SpecialUse | undefined {
  const key = attribute.toLowerCase();
  return SPECIAL_USES.find((use) => use.toLowerCase() === key) ?? FORMER_NAMES[key];
}
