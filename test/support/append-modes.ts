export interface AppendMode {
  readonly mode: string;
  /** For `startDovecot`; empty: all that the server can do, MULTIAPPEND among it. */
  readonly server: { readonly capability?: string };
  /** Whether messages share commands, so that a refused one is sent a second time, alone. */
  readonly batches: boolean;
}

/** The ways in which a destination takes messages: by what it announces. */
export const APPEND_MODES: readonly AppendMode[] = [
  { mode: 'MULTIAPPEND', server: {}, batches: true },
  { mode: 'LITERAL+ alone', server: { capability: 'IMAP4rev1 LITERAL+ UIDPLUS' }, batches: false },
  { mode: 'LITERAL-', server: { capability: 'IMAP4rev1 LITERAL- UIDPLUS' }, batches: false },
  { mode: 'no extension', server: { capability: 'IMAP4rev1' }, batches: false },
];
