/** Why a folder of the source is thought to hold mail that it does not show. Numbers of messages. */
export type HiddenMail =
  /** It has exactly as many messages as its provider shows of a folder at most. */
  | { readonly kind: 'folder-limit'; readonly shown: number }
  /** The server counts more than it lists. */
  | { readonly kind: 'not-listed'; readonly shown: number; readonly counted: number };

/**
 * @param folder.counted what the server counts (STATUS)
 * @param folder.shown what it lists (SEARCH)
 * @param limits the most that its provider shows of a folder: one of these, by the user's choice
 */
export function findHiddenMail(
  folder: { readonly counted: number; readonly shown: number },
  limits: readonly number[],
): HiddenMail | undefined {
  const { counted, shown } = folder;
  if (counted > shown) return { kind: 'not-listed', shown, counted };
  return limits.includes(counted) ? { kind: 'folder-limit', shown: counted } : undefined;
}

/**
 * What is told to people.
 * @param place.readOnlyHost a server of the provider that hides nothing
 */
export function describeHiddenMail(
  hidden: HiddenMail,
  place: { readonly folder: string; readonly readOnlyHost: string | undefined },
): string {
  const { folder, readOnlyHost } = place;
  const remedy =
    readOnlyHost === undefined
      ? 'Lift the limit on messages in an IMAP folder in the settings of the old mailbox (Gmail: "Forwarding and POP/IMAP"); the next pass copies the rest.'
      : `Use ${readOnlyHost} as source, which shows all of it.`;
  switch (hidden.kind) {
    case 'folder-limit':
      return `Folder "${folder}" has exactly ${hidden.shown} messages, the most that its server may show. Older mail may be hidden. ${remedy}`;
    case 'not-listed':
      return `The server counts ${hidden.counted} messages in folder "${folder}" and lists ${hidden.shown}: ${hidden.counted - hidden.shown} are hidden. ${remedy}`;
  }
}
