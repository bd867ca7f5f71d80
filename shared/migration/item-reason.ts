/** Why one message is skipped or failed. Ledger pages store the position: append, never reorder. */
export const ITEM_REASONS = [
  'vanished',
  'too-big',
  'refused',
  'line-too-long',
  'bad-flag',
  'eight-bit-header',
  'nul-byte',
  'over-quota',
  'source-unreadable',
  'unknown',
  'other-label',
  'altered',
] as const;

export type ItemReason = (typeof ITEM_REASONS)[number];

export interface ItemReasonDescription {
  summary: string;
  remedy: string;
}

const DESCRIPTIONS: Readonly<Record<ItemReason, ItemReasonDescription>> = {
  vanished: {
    summary: 'The message was deleted or moved at the source before it could be copied.',
    remedy: 'Nothing is to be done; if it was moved, it is copied with its new folder.',
  },
  'too-big': {
    summary: 'The message is larger than the destination accepts.',
    remedy: 'Raise the message size limit of the destination and retry, or move the message by hand.',
  },
  refused: {
    summary: 'The destination refused the message.',
    remedy: 'The answer of the server is shown beside it; mend the cause and retry.',
  },
  'line-too-long': {
    summary: 'The message has a line longer than the destination accepts.',
    remedy: 'Forward the message as an attachment from the old mailbox.',
  },
  'bad-flag': {
    summary: 'The destination refused the message because of one of its flags.',
    remedy: 'Remove the unusual flag or category at the source and retry.',
  },
  'eight-bit-header': {
    summary: 'The header of the message has raw 8-bit characters, which the destination refuses.',
    remedy: 'Forward the message as an attachment from the old mailbox.',
  },
  'nul-byte': {
    summary: 'The message contains a zero byte, which the destination refuses.',
    remedy: 'Forward the message as an attachment from the old mailbox.',
  },
  'over-quota': {
    summary: 'The destination mailbox was full.',
    remedy: 'Raise its quota or free space in it, then retry.',
  },
  'source-unreadable': {
    summary: 'The source server could not deliver the message.',
    remedy: 'Try to open the message in the old mailbox; if it opens there, retry.',
  },
  'other-label': {
    summary: 'The same message is copied with another of its labels.',
    remedy: 'Nothing is to be done; it is in the folder of that label.',
  },
  altered: {
    summary: 'The message was copied, but the destination stores it in another form.',
    remedy: 'Nothing is to be done; its text is there. If every byte counts, keep the original as a file.',
  },
  unknown: {
    summary: 'The message could not be copied for an unknown reason.',
    remedy: 'Retry; if it persists, show the answer of the server to the operator.',
  },
};

/** English; other languages translate by the code. */
export function describeItemReason(reason: ItemReason): ItemReasonDescription {
  return DESCRIPTIONS[reason];
}
