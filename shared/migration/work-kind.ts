/** What a lane does with a page: copy its pending messages, follow flag changes, or match a folder with what is there. */
export type WorkKind = 'copy' | 'flags' | 'adopt';
