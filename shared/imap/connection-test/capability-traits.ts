import type { ImapSide } from '../errors.ts';

/** Abilities of a server on which the speed or the fidelity of a copy depends; named for what they give. */
export const CAPABILITY_TRAITS = [
  'changes-by-number',
  'counters-with-list',
  'folder-roles',
  'messages-in-batches',
  'literals-unasked',
  'uids-told',
] as const;

export type CapabilityTrait = (typeof CAPABILITY_TRAITS)[number];

/** CONDSTORE (RFC 7162), LIST-STATUS (5819), SPECIAL-USE (6154), MULTIAPPEND (3502), LITERAL+ (7888), UIDPLUS (4315). */
const GIVEN_BY: Readonly<Record<CapabilityTrait, readonly string[]>> = {
  'changes-by-number': ['CONDSTORE', 'QRESYNC'],
  'counters-with-list': ['LIST-STATUS', 'IMAP4REV2'],
  'folder-roles': ['SPECIAL-USE', 'XLIST', 'IMAP4REV2'],
  'messages-in-batches': ['MULTIAPPEND'],
  'literals-unasked': ['LITERAL+', 'LITERAL-', 'IMAP4REV2'],
  'uids-told': ['UIDPLUS', 'IMAP4REV2'],
};

const MATTERS: Readonly<Record<ImapSide, readonly CapabilityTrait[]>> = {
  source: ['changes-by-number', 'counters-with-list', 'folder-roles'],
  destination: ['folder-roles', 'messages-in-batches', 'literals-unasked', 'uids-told'],
};

/** @param capabilities after the sign-in, upper case */
export function traitsOf(
  side: ImapSide,
  capabilities: ReadonlySet<string>,
): { trait: CapabilityTrait; present: boolean }[] {
  return MATTERS[side].map((trait) => ({
    trait,
    present: GIVEN_BY[trait].some((name) => capabilities.has(name)),
  }));
}
