import type { ImapProbe } from './imap-probe.ts';

const DEEP = Array.from({ length: 10 }, (_, level) => `Level ${level + 1}`);

/** Folders whose names are hard on servers and on those who copy them, by their levels. */
function oddFolderTree(delimiter: string): string[][] {
  const tree = [
    ['a.b', 'c.d'],
    ['in/out', 'x/y'],
    ['R&D'],
    ['R&D', 'Q&A & more'],
    ['say "hi"'],
    ['back\\slash'],
    ['50% off'],
    ['st*r'],
    ['📬 Poczta', 'Zażółć gęślą', '日本語'],
    [' lead'],
    ['lead'],
    ['trail '],
    [' lead', ' both '],
    ['CASE'],
    ['case'],
    ['Case', 'CASE'],
    ['Sent', 'of 2020'],
    ...DEEP.map((_, level) => DEEP.slice(0, level + 1)),
  ];
  return tree.filter((names) => names.every((name) => !name.includes(delimiter)));
}

/**
 * Makes the tree with one message in each folder, as far as the server takes the names.
 * @returns the folders that it took
 */
export async function fillOddTree(probe: ImapProbe, delimiter: string): Promise<string[][]> {
  const taken: string[][] = [];
  for (const [index, names] of oddFolderTree(delimiter).entries()) {
    try {
      await probe.createFolder(names);
    } catch {
      continue; // this server has no such names
    }
    const subject = `Message ${index} in ${encodeURIComponent(names.join(' > '))}`;
    await probe.append(names, {
      bytes: `Message-ID: <odd.${index}@example.org>\r\nSubject: ${subject}\r\n\r\ntext\r\n`,
    });
    taken.push(names);
  }
  return taken;
}
