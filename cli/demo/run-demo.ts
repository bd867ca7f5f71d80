import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExitCode, EXIT } from '../exit-codes.ts';
import { migrateAndReport } from '../migrate/migrate-and-report.ts';
import { plural } from '../text/plural.ts';
import { compareMail } from './compare-mail.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { demoStorage } from './demo-storage.ts';
import { DEMO_PEOPLE, lateMessage, sampleMail } from './sample-mail.ts';

const PASSWORD = 'demo';
/** The destination's own folders, so that sent mail and trash find their place under other names. */
const DESTINATION_FOLDERS = [
  { name: 'INBOX', messages: 0 },
  { name: 'Sent Items', specialUse: '\\Sent', messages: 0 },
  { name: 'Deleted Items', specialUse: '\\Trash', messages: 0 },
];

/** The whole service between two servers in this process: a first copy, one new message, a second pass. */
export async function runDemo(): Promise<ExitCode> {
  const cleanUp = new AsyncDisposableStack();
  try {
    const stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-demo-'));
    cleanUp.defer(() => rm(stateDir, { recursive: true, force: true }));
    const source = await startDemoServer(
      DEMO_PEOPLE.map((person) => ({
        user: person.source,
        password: PASSWORD,
        storage: demoStorage(person.folders, sampleMail(person)),
      })),
    );
    cleanUp.defer(() => source.close());
    const destination = await startDemoServer(
      DEMO_PEOPLE.map((person) => ({
        user: person.destination,
        password: PASSWORD,
        storage: demoStorage(DESTINATION_FOLDERS, []),
      })),
    );
    cleanUp.defer(() => destination.close());
    return await show(source, destination, stateDir);
  } finally {
    await cleanUp.disposeAsync();
  }
}

async function show(source: DemoServer, destination: DemoServer, stateDir: string): Promise<ExitCode> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const request = {
    source: addressOf(source),
    destination: addressOf(destination),
    users: DEMO_PEOPLE.map((person) => ({
      emailAddress: person.destination,
      userName: person.source,
      password: PASSWORD,
      destinationPassword: PASSWORD,
    })),
    stateDir,
    once: true,
  };
  const count = DEMO_PEOPLE.reduce((total, person) => total + source.messages(person.source).length, 0);
  say(`Three people move from old.example to new.example with ${plural(count, 'message')}.\n`);
  const first = await migrateAndReport(request, { json: false });
  if (first !== EXIT.ok) return first;

  const [anna] = DEMO_PEOPLE;
  if (anna === undefined) throw new Error('the demo has no people');
  say(`\nA new message arrives for ${anna.source}. The same command again finds it, and only it.\n`);
  source.deliver(anna.source, lateMessage(anna));
  const second = await migrateAndReport(request, { json: false });
  if (second !== EXIT.ok) return second;

  const difference = DEMO_PEOPLE.map((person) =>
    compareMail(source.messages(person.source), destination.messages(person.destination)),
  ).find((found) => found !== undefined);
  if (difference !== undefined) {
    say(`\nThe two sides differ: ${difference}. That is a fault of mailhaul; please report it.`);
    return EXIT.internal;
  }
  say(
    `\nCompared ${plural(count + 1, 'message')} on both sides: every byte, date and flag is the same, and none is there twice.`,
  );
  return EXIT.ok;
}

function addressOf({ port }: DemoServer) {
  return { host: '127.0.0.1', port, security: 'insecure' } as const;
}
