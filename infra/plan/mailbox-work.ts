import { laneShare } from '../../shared/migration/lane-share.ts';
import { pageSizeFor } from '../../shared/migration/uid-window.ts';
import type { PlanInput } from './plan-input.ts';

/** What one mailbox is to its first pass, messages spread evenly over its folders. */
export interface MailboxWork {
  /** Messages of each page. */
  readonly pages: readonly number[];
  /** How often a lane takes work. */
  readonly shares: number;
  /** Lanes that find something to do. */
  readonly lanes: number;
  /** Of all lanes together, sign-ins left out. */
  readonly copySeconds: number;
  /** As {@link copySeconds}: what the provider lets through in a day. */
  readonly secondsPerDay: number;
  readonly slowestBy: 'messages' | 'bytes' | 'account';
}

type Sizes = Pick<
  PlanInput,
  | 'accountMessagesPerSecond'
  | 'bytes'
  | 'bytesPerSecond'
  | 'dailyBytes'
  | 'folders'
  | 'lanes'
  | 'messages'
  | 'messagesPerSecond'
>;

export function mailboxWork(input: Sizes): MailboxWork {
  const pages = pagesOf(input.messages, input.folders);
  const shares = countShares(pages, input.lanes);
  const lanes = Math.min(input.lanes, shares);
  const rates = {
    messages: input.messagesPerSecond,
    bytes: input.bytesPerSecond / (input.bytes / input.messages),
    account: (input.accountMessagesPerSecond ?? Number.POSITIVE_INFINITY) / lanes,
  };
  const rate = Math.min(rates.messages, rates.bytes, rates.account);
  const copySeconds = input.messages / rate;
  const ofADay = (input.dailyBytes ?? Number.POSITIVE_INFINITY) / input.bytes;
  return {
    pages,
    shares,
    lanes,
    copySeconds,
    secondsPerDay: copySeconds * ofADay,
    slowestBy: rate === rates.account ? 'account' : rate === rates.bytes ? 'bytes' : 'messages',
  };
}

function pagesOf(messages: number, folders: number): number[] {
  const used = Math.min(folders, messages);
  const pages: number[] = [];
  for (let folder = 0; folder < used; folder += 1) {
    let left = Math.floor(messages / used) + (folder < messages % used ? 1 : 0);
    const size = pageSizeFor(left);
    for (; left > 0; left -= size) pages.push(Math.min(size, left));
  }
  return pages;
}

/** As lanes take them: see `laneShare`. */
function countShares(pages: readonly number[], lanes: number): number {
  let left = pages.reduce((sum, messages) => sum + messages, 0);
  let shares = 0;
  for (let page = 0; page < pages.length; shares += 1) {
    const most = laneShare([{ kind: 'copy', messages: left }], lanes);
    let taken = pages[page] ?? 0;
    let pieces = 1;
    for (; pieces < most.pieces; pieces += 1) {
      const next = pages[page + pieces];
      if (next === undefined || taken + next > most.messages) break;
      taken += next;
    }
    left -= taken;
    page += pieces;
  }
  return shares;
}
