/** `1 mailbox`, `3 mailboxes`; the plural is given where it is not the singular with an s. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
