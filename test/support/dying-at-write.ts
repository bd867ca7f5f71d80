import { beforePageSave } from './before-page-save.ts';
import { cutAfter, type Cut } from './cut-clients.ts';
import type { BenchWorker } from './mailbox-bench.ts';
import type { Services } from '../../shared/services.ts';

export interface DyingWorker {
  readonly services: Services;
  died(): boolean;
}

/**
 * A worker whose process ends at its `write`-th write about what it copies. Of one page these are: its claim, with those of
 * others; its intent, where the destination has no UIDPLUS; and what became of its messages.
 * @param lost `request`: all is as it was before; `answer`: it is written, and nobody is left to go on
 */
export function dyingAtWrite(
  { clients, services }: BenchWorker,
  write: number,
  lost: 'request' | 'answer',
): DyingWorker {
  let writes = 0;
  let cut: Cut | undefined;
  const written = (): void => {
    writes += 1;
    if (writes === write) cut = cutAfter(clients, 0, lost);
  };
  const dying = beforePageSave(services, written);
  const { work } = services.state;
  const claim: typeof work.claim = (...claimed) => {
    written();
    return work.claim(...claimed);
  };
  return {
    services: { ...dying, state: { ...dying.state, work: { ...work, claim } } },
    died: () => cut?.happened() ?? false,
  };
}
