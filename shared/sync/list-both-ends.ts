import type { FolderListing } from '../imap/session/list-folders.ts';
import type { ProviderProfile } from '../imap/providers/provider-profile.ts';
import type { Wait } from '../imap/wire/wait.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import type { BothEnds } from './both-ends.ts';

/** The folders of both ends and the rules of those who keep them. */
export interface ListedEnds {
  readonly source: FolderListing & { readonly profile: ProviderProfile };
  readonly destination: FolderListing & {
    readonly profile: ProviderProfile;
    /** It takes names in UTF-8. */
    readonly utf8: boolean;
  };
}

/** To be called before the bare connections are taken over. @throws ImapError */
export async function listBothEnds(
  { access, source, destination }: BothEnds,
  mailbox: Pick<MailboxRecord, 'userRoot'>,
  wait: Wait,
): Promise<ListedEnds> {
  const [sourceListing, destinationListing] = await Promise.all([
    source.listFolders(wait, mailbox.userRoot),
    destination.listFolders(wait),
  ]);
  return {
    source: { ...sourceListing, profile: access.source.profile },
    destination: {
      ...destinationListing,
      profile: access.destination.profile,
      utf8: destination.capabilities.has('UTF8=ACCEPT'),
    },
  };
}
