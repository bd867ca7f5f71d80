import type hoodiecrow from 'hoodiecrow-imap';
import { encodeModifiedUtf7 } from '../../shared/migration/modified-utf7.ts';
import type { DemoMessage } from './demo-server.ts';
import type { DemoFolder } from './sample-mail.ts';

/** Folders and messages in the shape that hoodiecrow keeps: a tree below the namespace `""`, INBOX beside it. */
export function demoStorage(
  folders: readonly DemoFolder[],
  messages: readonly DemoMessage[],
): Record<string, hoodiecrow.StoredFolder> {
  const root: hoodiecrow.StoredFolder = { separator: '/', folders: {} };
  const inbox: hoodiecrow.StoredFolder = {};
  for (const { name, specialUse } of folders) {
    let folder = inbox;
    if (name !== 'INBOX') {
      folder = root;
      for (const level of name.split('/')) {
        folder.folders ??= {};
        folder = folder.folders[encodeModifiedUtf7(level)] ??= {};
      }
    }
    if (specialUse !== undefined) folder['special-use'] = specialUse;
    folder.messages = messages
      .filter((message) => message.folder === name)
      .map(({ raw, flags, internalDate }) => ({ raw, flags: [...flags], internaldate: internalDate }));
  }
  return { INBOX: inbox, '': root };
}
