import { CORPUS_KINDS, draftVersion, largeMessage, sameHeaderOtherBody } from './corpus-messages.ts';
import { internalDateOf } from './internal-date.ts';
import { seededRandom, type Random } from './random.ts';

export interface CorpusMessage {
  /** What is special about it; beside the kinds of corpus-messages: 'twin', 'twin of other flags', 'draft', 'same header', 'oldest', 'newest', 'large'. */
  readonly kind: string;
  readonly flags: readonly string[];
  /** As APPEND takes it. */
  readonly internalDate: string;
  /** Builds the message; the same bytes every time. */
  bytes(): Buffer;
}

export interface CorpusFolder {
  /** Level by level; no level holds '/' or '.', the separators of the servers in these tests. */
  readonly segments: readonly string[];
  readonly messages: readonly CorpusMessage[];
}

export interface MailCorpus {
  readonly seed: number;
  /** Parents first; INBOX at the head. */
  readonly folders: readonly CorpusFolder[];
  readonly messageCount: number;
}

export interface CorpusOptions {
  /** The same seed gives the same mail. Default 1. */
  seed?: number;
  /** In all folders together, special ones included. Default 3,000. */
  messages?: number;
  /** Bytes of the one large message; 0 for none. Default 30 MB. */
  largeMessageBytes?: number;
  /** Default: INBOX and 12 nested folders with names in many scripts. */
  folders?: readonly (readonly string[])[];
}

/** INBOX and twelve nested folders: accents, decomposed accents, CJK, emoji, '&', blanks, Vietnamese. */
export const CORPUS_FOLDERS: readonly (readonly string[])[] = [
  ['INBOX'],
  ['Entwürfe & Notizen'],
  ['Entwürfe & Notizen', 'Übergröße'],
  ['Projekty – Łódź'],
  ['Projekty – Łódź', 'Zażółć gęślą jaźń'],
  ['Projekty – Łódź', 'Zażółć gęślą jaźń', '2026 & dalej'],
  ['受信トレイ'],
  ['受信トレイ', '請求書 №7'],
  ['🎉 Party & 😀'],
  ['🎉 Party & 😀', 'Q&A &- ñ'],
  ['Thư đã gửi'],
  ['Thư đã gửi', 'Cafe\u0301 (décomposé)'],
  ['Ελληνικά עברית العربية'],
];

const FLAG_SETS: readonly [readonly string[], ...(readonly string[])[]] = [
  [],
  ['\\Seen'],
  ['\\Seen', '\\Answered'],
  ['\\Flagged'],
  ['\\Seen', '\\Flagged', '$Forwarded'],
  ['\\Draft'],
  ['\\Deleted', '\\Seen'],
  ['$Forwarded'],
  ['\\Seen', 'NonJunk', 'projekt-2026'],
  ['Label_7'],
];
const ZONES: readonly [number, ...number[]] = [0, 60, 120, -480, 330, 345, 765, -210, 840, -720];
const KINDS = Object.entries(CORPUS_KINDS);
const ORDINARY: (typeof KINDS)[number] = ['plain', CORPUS_KINDS.plain];
/** Spring 2025. Dovecot stores "now" for dates of the future, so those are few: one a folder, of 2037. */
const LATEST_SECOND = 1_745_000_000;

/**
 * A realistic mailbox, the same for the same seed: ordinary mail, every special kind of message in every
 * folder as far as its share goes, true twins within and across folders, drafts that share a Message-ID, messages
 * that share header and size, one large message.
 */
export function mailCorpus(options: CorpusOptions = {}): MailCorpus {
  const seed = options.seed ?? 1;
  const paths = options.folders ?? CORPUS_FOLDERS;
  const total = options.messages ?? 3_000;
  const largeBytes = options.largeMessageBytes ?? 30 * 1024 * 1024;
  const folders = paths.map((segments) => ({ segments, messages: [] as CorpusMessage[] }));
  const shared = corpusMessage('twin across folders', seed, 'shared-twin', CORPUS_KINDS.plain);
  const recipes = specialMessages(seed, paths.length);
  if (largeBytes > 0) {
    recipes.unshift({
      folder: Math.min(2, paths.length - 1),
      message: corpusMessage('large', seed, 'large', (random, id) => largeMessage(random, id, largeBytes)),
    });
  }
  for (const { folder, message } of recipes.slice(0, total)) folders[folder]?.messages.push(message);
  let left = Math.max(0, total - recipes.length);
  for (const { messages } of folders) {
    if (left > 0) {
      messages.push(shared);
      left -= 1;
    }
  }
  for (let index = 0; index < left; index += 1) {
    const special = index % 4 === 0 ? KINDS[(index / 4) % KINDS.length] : undefined;
    const [kind, make] = special ?? ORDINARY;
    // uneven on purpose: the first folders are the large ones, as in life
    const folder = Math.floor(seededRandom(seed * 7919 + index).next() ** 2 * folders.length);
    folders[folder]?.messages.push(corpusMessage(kind, seed, `m${index}`, make));
  }
  return { seed, folders, messageCount: folders.reduce((sum, { messages }) => sum + messages.length, 0) };
}

/** The corpus without messages of these kinds. */
export function withoutKinds(corpus: MailCorpus, ...kinds: readonly string[]): MailCorpus {
  const folders = corpus.folders.map(({ segments, messages }) => ({
    segments,
    messages: messages.filter(({ kind }) => !kinds.includes(kind)),
  }));
  return {
    ...corpus,
    folders,
    messageCount: folders.reduce((sum, { messages }) => sum + messages.length, 0),
  };
}

function specialMessages(seed: number, folderCount: number): { folder: number; message: CorpusMessage }[] {
  const recipes: { folder: number; message: CorpusMessage }[] = [];
  for (let folder = 0; folder < folderCount; folder += 1) {
    const add = (message: CorpusMessage): void => void recipes.push({ folder, message });
    const pair = corpusMessage('twin', seed, `pair-${folder}`, CORPUS_KINDS.plain);
    const triplet = corpusMessage('twin', seed, `triplet-${folder}`, CORPUS_KINDS['without Message-ID']);
    for (const twin of [pair, triplet, pair, triplet, triplet]) add(twin);
    // twins in their bytes alone: other date, other flags
    add({
      ...pair,
      kind: 'twin of other flags',
      flags: ['\\Answered', 'projekt-2026'],
      internalDate: '29-Feb-2000 23:59:59 +1400',
    });
    for (let version = 1; version <= 3; version += 1) {
      add(corpusMessage('draft', seed, `draft-${folder}`, (random, id) => draftVersion(random, id, version)));
      add(
        corpusMessage('same header', seed, `header-${folder}`, (random, id) =>
          sameHeaderOtherBody(random, id, version),
        ),
      );
    }
    for (const [kind, make] of KINDS)
      add(corpusMessage(kind, seed, `${kind.replaceAll(' ', '-')}-${folder}`, make));
    add({
      ...pair,
      kind: 'oldest',
      bytes: () => Buffer.from(`Subject: oldest\r\n\r\n${folder}`),
      internalDate: ' 2-Jan-1970 00:00:00 +0000',
    });
    add({
      ...pair,
      kind: 'newest',
      bytes: () => Buffer.from(`Subject: newest\r\n\r\n${folder}`),
      internalDate: '31-Dec-2037 23:59:59 -1200',
    });
  }
  return recipes;
}

function corpusMessage(
  kind: string,
  seed: number,
  id: string,
  make: (random: Random, id: string) => Buffer,
): CorpusMessage {
  const own = numberOf(`${seed} ${id}`);
  const random = seededRandom(own);
  const instant = random.between(2 * 86_400, LATEST_SECOND) * 1000;
  return {
    kind,
    flags: random.pick(FLAG_SETS),
    internalDate: internalDateOf(instant, random.pick(ZONES)),
    bytes: () => make(seededRandom(own + 1), id),
  };
}

/** FNV-1a: a seed from a text. */
function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
