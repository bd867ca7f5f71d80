import type { Services } from '../../shared/services.ts';
import { beforePageSave } from './before-page-save.ts';
import { cutAfter, type Cut } from './cut-clients.ts';
import type { BenchWorker } from './mailbox-bench.ts';

export interface DyingWorker {
  readonly services: Services;
  died(): boolean;
}

/**
 * A worker whose process ends when it saves a page for the `save`-th time: the first save of a page that is copied
 * records the intent, the second what became of its messages.
 * @param lost `request`: the page is as it was before; `answer`: the page is saved, and nobody is left to go on
 */
export function dyingAtSave(
  { clients, services }: BenchWorker,
  save: number,
  lost: 'request' | 'answer',
): DyingWorker {
  let saves = 0;
  let cut: Cut | undefined;
  const dying = beforePageSave(services, () => {
    saves += 1;
    if (saves === save) cut = cutAfter(clients, 0, lost);
  });
  return { services: dying, died: () => cut?.happened() ?? false };
}
