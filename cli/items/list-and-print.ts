import { systemClock } from '../../shared/migration/clock.ts';
import type { MigrationItem } from '../api/mailhaul-api.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { openProgressView } from '../progress/open-progress-view.ts';
import { itemsCsv, itemsText } from './items-text.ts';
import { type ItemsRequest, runItems } from './run-items.ts';

const FORMS = {
  text: itemsText,
  csv: itemsCsv,
  json: (items: readonly MigrationItem[]) => `${JSON.stringify({ items }, null, 2)}\n`,
} as const;

/** Lists items in front of a person: progress on standard error, the list on standard output. */
export async function listAndPrint(request: ItemsRequest, form: keyof typeof FORMS): Promise<ExitCode> {
  const view = openProgressView(process.stderr);
  const interrupts = listenForInterrupts(process, systemClock, () => {
    view.close();
    process.exit(EXIT.interrupted);
  });
  try {
    const items = await runItems(request, {
      view,
      signal: interrupts.signal,
      clock: systemClock,
      environment: process.env,
    });
    view.close();
    process.stdout.write(FORMS[form](items));
    if (interrupts.signal.aborted) return EXIT.interrupted;
    return items.length === 0 ? EXIT.ok : EXIT.itemsLeft;
  } finally {
    view.close();
    interrupts.dispose();
  }
}
