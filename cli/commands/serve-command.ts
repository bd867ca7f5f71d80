import { once } from 'node:events';
import { Command, Option } from 'commander';
import { systemClock } from '../../shared/migration/clock.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { publicAddress, wholeNumber } from './option-values.ts';

const DEFAULT_PORT = 8025;

interface ServeOptions {
  readonly port: number;
  readonly state: string;
  readonly resync?: number;
  readonly lanes?: number;
  readonly publicUrl?: string;
}

const HELP = `
Serves the HTTP API on 127.0.0.1 and prints its address and a sign-in token, which is good for 12 hours. Everything is
kept in the state folder; only one process at a time works in it.

  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:${DEFAULT_PORT}/v1/migrations

Environment:
  MAILHAUL_MASTER_KEY    32 bytes as base64 or hex that passwords are encrypted with; without it a key file in --state
  MAILHAUL_LOG_LEVEL     DEBUG, INFO, WARN, ERROR or SILENT (default); logs go to standard error

Ctrl-C ends in order and keeps the state; a second Ctrl-C ends at once.`;

export function serveCommand(finish: (exitCode: ExitCode) => void): Command {
  return new Command('serve')
    .description('run the whole service on this machine, with its HTTP API')
    .addOption(
      new Option('--port <n>', 'port of the HTTP API on 127.0.0.1, 0 for a free one')
        .default(DEFAULT_PORT)
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(
      new Option('--state <dir>', 'the folder for ledger and encrypted credentials').default('.mailhaul'),
    )
    .option('--resync <seconds>', 'time between two passes of a mailbox', wholeNumber(1, 86_400))
    .option('--lanes <n>', 'connections to each side for one mailbox', wholeNumber(1, 20))
    .option(
      '--public-url <url>',
      'where users reach it, if something stands before it: links to consent begin so',
      publicAddress,
    )
    .addHelpText('after', HELP)
    .action(async (options: ServeOptions) => {
      finish(await serve(options));
    });
}

async function serve(options: ServeOptions): Promise<ExitCode> {
  const interrupts = listenForInterrupts(process, systemClock, () => process.exit(EXIT.interrupted));
  try {
    const { startLocalService } = await import('../local-service.ts');
    const service = await startLocalService({
      stateDir: options.state,
      port: options.port,
      resyncSeconds: options.resync,
      lanes: options.lanes,
      publicUrl: options.publicUrl,
      environment: process.env,
    });
    try {
      process.stdout.write(
        `Mailhaul is at ${service.url}\nSign-in token: ${await service.token()}\nCtrl-C stops it; the state stays in ${options.state}\n`,
      );
      const end = AbortSignal.any([interrupts.signal, service.failed]);
      if (!end.aborted) await once(end, 'abort');
      service.failed.throwIfAborted();
      process.stderr.write('Stopping. Ctrl-C again ends at once.\n');
    } finally {
      await service.stop();
    }
    return EXIT.ok;
  } finally {
    interrupts.dispose();
  }
}
