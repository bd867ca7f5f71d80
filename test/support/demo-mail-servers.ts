import type hoodiecrow from 'hoodiecrow-imap';
import { compareMail } from '../../cli/demo/compare-mail.ts';
import { type DemoMessage, type DemoServer, startDemoServer } from '../../cli/demo/demo-server.ts';
import { demoStorage } from '../../cli/demo/demo-storage.ts';
import { DEMO_PEOPLE, type DemoPerson, sampleMail } from '../../cli/demo/sample-mail.ts';

/** The source and the destination of the demo in this process, for tests that need no real server. */
export interface DemoMailServers extends AsyncDisposable {
  readonly people: readonly DemoPerson[];
  readonly source: DemoServer;
  readonly destination: DemoServer;
  readonly password: string;
  /** From now on the destination takes no message before so many connections have one each. */
  appendTogether(connections: number): void;
  /** From now on the destination takes so many messages and holds back those that follow. */
  holdAppendsAfter(messages: number): HeldAppends;
  /** The arguments of `mailhaul migrate` for the two servers. */
  readonly args: readonly string[];
  /** A users file for some of the people; passwords are right unless given. */
  csv(people: readonly DemoPerson[], passwords?: Readonly<Record<string, string>>): string;
  /** The first difference between the two sides, or undefined. */
  difference(people?: readonly DemoPerson[]): string | undefined;
}

interface HeldAppends {
  /** Settles once a message is being held back. */
  readonly holding: Promise<void>;
  /** Takes what was held back, in the order of its coming, and all that follows. */
  release(): void;
}

/**
 * @param options.extra further messages of the first person
 * @param options.tooBig the destination refuses messages whose source has this text, as if they were too big
 */
export async function demoMailServers(
  options: { extra?: readonly DemoMessage[]; tooBig?: string } = {},
): Promise<DemoMailServers> {
  // No quotation mark: hoodiecrow cannot read an escaped one.
  const password = 'pass word, with a comma';
  const people = DEMO_PEOPLE;
  const gate = appendGate();
  const source = await startDemoServer(
    people.map((person, index) => ({
      user: person.source,
      password,
      storage: demoStorage(person.folders, [
        ...sampleMail(person),
        ...(index === 0 ? (options.extra ?? []) : []),
      ]),
    })),
  );
  const destination = await startDemoServer(
    people.map((person) => ({
      user: person.destination,
      password,
      storage: demoStorage([{ name: 'INBOX', messages: 0 }], []),
    })),
    { plugins: [gate.plugin, ...(options.tooBig === undefined ? [] : [refuse(options.tooBig)])] },
  );
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  return {
    people,
    source,
    destination,
    password,
    appendTogether: gate.wait,
    holdAppendsAfter: gate.hold,
    args: [
      'migrate',
      `--source=imap://127.0.0.1:${source.port}`,
      `--destination=imap://127.0.0.1:${destination.port}`,
      '--insecure',
    ],
    csv: (chosen, passwords = {}) =>
      [
        'EmailAddress,UserName,Password,DestinationPassword',
        ...chosen.map((person) =>
          [person.destination, person.source, passwords[person.source] ?? password, password]
            .map(quote)
            .join(','),
        ),
      ].join('\r\n'),
    difference: (chosen = people) =>
      chosen
        .map((person) =>
          compareMail(source.messages(person.source), destination.messages(person.destination)),
        )
        .find((found) => found !== undefined),
    async [Symbol.asyncDispose]() {
      await Promise.all([source.close(), destination.close()]);
    },
  };
}

/** Holds messages back: until so many connections have sent one, or after a number of them. */
function appendGate() {
  let wanted = 0;
  const waiting = new Map<unknown, () => void>();
  let free = Number.POSITIVE_INFINITY;
  let held: (() => void)[] = [];
  let onHeld = (): void => undefined;
  return {
    wait: (connections: number): void => {
      wanted = connections;
    },
    hold: (messages: number): HeldAppends => {
      free = messages;
      const { promise: holding, resolve } = Promise.withResolvers<void>();
      onHeld = resolve;
      const release = (): void => {
        free = Number.POSITIVE_INFINITY;
        for (const go of held) go();
        held = [];
      };
      return { holding, release };
    },
    plugin: (server: hoodiecrow.ImapServer): void => {
      const append = server.getCommandHandler('APPEND');
      if (append === false) throw new TypeError('hoodiecrow-imap has no APPEND');
      server.setCommandHandler('APPEND', (connection, parsed, data, callback) => {
        const go = (): void => append(connection, parsed, data, callback);
        if (free === 0) {
          held.push(go);
          return onHeld();
        }
        free -= 1;
        if (wanted === 0) return go();
        waiting.set(connection, go);
        if (waiting.size < wanted) return;
        wanted = 0;
        for (const each of waiting.values()) each();
        waiting.clear();
      });
    },
  };
}

function refuse(text: string) {
  return (server: hoodiecrow.ImapServer): void => {
    const append = server.getCommandHandler('APPEND');
    if (append === false) throw new TypeError('hoodiecrow-imap has no APPEND');
    server.setCommandHandler('APPEND', (connection, parsed, data, callback) => {
      if (!data.includes(text)) return append(connection, parsed, data, callback);
      const code = { type: 'SECTION', section: [{ type: 'ATOM', value: 'TOOBIG' }] };
      connection.send({
        tag: parsed.tag,
        command: 'NO',
        attributes: [code, { type: 'TEXT', value: 'Message too big' }],
      });
      return callback();
    });
  };
}
