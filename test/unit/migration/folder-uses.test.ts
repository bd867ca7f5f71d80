import {
  NAMES_BY_LANGUAGE,
  specialUseByName,
} from '../../../shared/migration/folder-names/special-use-by-name.ts';
import { locateFolder } from '../../../shared/migration/folder-tree.ts';
import { folderUses, type OwnFolderNames } from '../../../shared/migration/folder-uses.ts';
import type { SpecialUse } from '../../../shared/migration/special-use.ts';

type Listed = string | { path: string; specialUse: SpecialUse };

/** Use to path, for folders of a server with the delimiter '/'. */
function uses(folders: readonly Listed[], ownNames?: OwnFolderNames, prefix = ''): Record<string, string> {
  const nodes = folders.map((folder) => {
    const { path, specialUse } =
      typeof folder === 'string' ? { path: folder, specialUse: undefined } : folder;
    return { ...locateFolder({ path, delimiter: '/' }, prefix), specialUse };
  });
  const found = folderUses(nodes, ownNames);
  expect(folderUses(nodes.toReversed(), ownNames)).toEqual(found);
  return Object.fromEntries(found);
}

describe('the dictionary', () => {
  const uniqueUses = ['sent', 'drafts', 'trash', 'junk', 'archive'] as const;

  test('has names for five uses in more than fifty languages, and no name for two uses', () => {
    expect(NAMES_BY_LANGUAGE.length).toBeGreaterThan(50);
    const owners = new Map<string, string>();
    for (const names of NAMES_BY_LANGUAGE) {
      for (const use of uniqueUses) {
        expect(names[use].length).toBeGreaterThan(0);
        for (const name of names[use]) {
          const key = name.normalize('NFC').toLowerCase();
          expect([name, owners.get(key) ?? use]).toEqual([name, use]);
          owners.set(key, use);
        }
      }
    }
  });

  test.each([
    ['Gesendet', '\\Sent'],
    ['Gesendete Objekte', '\\Sent'],
    ['Gesendete Elemente', '\\Sent'],
    ['Éléments envoyés', '\\Sent'],
    ['Elementy wysłane', '\\Sent'],
    ['Thư đã gửi', '\\Sent'],
    ['送信済みアイテム', '\\Sent'],
    ['Отправленные', '\\Sent'],
    ['Gönderilmiş Öğeler', '\\Sent'],
    ['Szkice', '\\Drafts'],
    ['Entwürfe', '\\Drafts'],
    ['Deleted Items', '\\Trash'],
    ['已删除邮件', '\\Trash'],
    ['Mục Đã xóa', '\\Trash'],
    ['Spamverdacht', '\\Junk'],
    ['Junk-E-Mail', '\\Junk'],
    ['Bulk Mail', '\\Junk'],
    ['אשפה', '\\Trash'],
    ['Archiwum', '\\Archive'],
    ['보낸편지함', '\\Sent'],
  ])('knows %s as %s', (name, use) => {
    expect(specialUseByName(name)?.use).toBe(use);
  });

  test('knows a name by any composition, case and blanks', () => {
    for (const name of [
      'Éléments envoyés'.normalize('NFD'),
      ' ÉLÉMENTS  ENVOYÉS ',
      'éléments\u00A0envoyés',
      'GÖNDERİLMİŞ ÖĞELER',
      'GÖNDERILMIŞ ÖĞELER',
    ]) {
      expect([name, specialUseByName(name)?.use]).toEqual([name, '\\Sent']);
    }
    expect(specialUseByName('Sent to Anna')).toBeUndefined();
    expect(specialUseByName('')).toBeUndefined();
  });
});

describe('the folder of a use', () => {
  test('is what the server says, whatever others are called', () => {
    expect(uses(['Sent', { path: 'Post 7', specialUse: '\\Sent' }])).toEqual({ '\\Sent': 'Post 7' });
  });

  test('is told by its name where the server says nothing about that use', () => {
    expect(uses(['Gesendet', 'Papierkorb', { path: 'X', specialUse: '\\Junk' }, 'Spam', 'Work'])).toEqual({
      '\\Junk': 'X',
      '\\Sent': 'Gesendet',
      '\\Trash': 'Papierkorb',
    });
  });

  test('has one use: who has an attribute is not asked for its name', () => {
    expect(uses([{ path: 'Trash', specialUse: '\\Junk' }])).toEqual({ '\\Junk': 'Trash' });
  });

  test('stands at the top, in the inbox or in [Gmail]; what the user has made elsewhere is no such folder', () => {
    expect(uses(['Work/Sent', 'a/b/Trash'])).toEqual({});
    expect(uses(['INBOX/Sent'])).toEqual({ '\\Sent': 'INBOX/Sent' });
    expect(uses(['[Gmail]/Wysłane', '[Google Mail]/Bin'])).toEqual({
      '\\Sent': '[Gmail]/Wysłane',
      '\\Trash': '[Google Mail]/Bin',
    });
    expect(uses(['mail/Sent', 'Sent/Sent'], {}, 'mail/')).toEqual({ '\\Sent': 'mail/Sent' });
  });

  test('is of several: the name of the provider, then the dictionary, then the place, then the path', () => {
    expect(uses(['Sent', 'Sent Items'])).toEqual({ '\\Sent': 'Sent' });
    expect(uses(['Sent', 'sent items'], { '\\Sent': ['Sent Items'] })).toEqual({ '\\Sent': 'sent items' });
    expect(uses(['Gesendet', 'Sent Messages'])).toEqual({ '\\Sent': 'Sent Messages' });
    expect(uses(['INBOX/Sent', 'Sent'])).toEqual({ '\\Sent': 'Sent' });
    expect(uses(['sent', 'Sent', 'SENT'])).toEqual({ '\\Sent': 'SENT' });
  });
});
