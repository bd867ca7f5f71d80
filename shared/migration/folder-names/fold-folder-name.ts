/** The same for all spellings of one name: composition, blanks around and between words, case, apostrophes. */
export function foldFolderName(name: string): string {
  return name
    .normalize('NFC')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[\u2019\u02BC]/g, "'")
    .toUpperCase() // ß and SS are the same then, so are ı and i
    .toLowerCase()
    .replace(/i\u0307/g, 'i') // what is left of İ
    .normalize('NFC');
}
