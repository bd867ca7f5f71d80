import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import type { HostResolver } from '../../shared/imap/session/address-policy.ts';

/** What names have. */
export interface DnsZone {
  /** `[priority, weight, port, target]`; a target `''` says that the service is not offered. */
  readonly srv?: Readonly<Record<string, readonly (readonly [number, number, number, string])[]>>;
  /** `[priority, exchange]` */
  readonly mx?: Readonly<Record<string, readonly (readonly [number, string])[]>>;
  readonly a?: Readonly<Record<string, string>>;
  /** Names about which the server says SERVFAIL. */
  readonly broken?: readonly string[];
}

/** A DNS server on 127.0.0.1, by UDP. */
export interface DnsServer extends AsyncDisposable {
  /** `address:port`, as `setServers` takes it. */
  readonly address: string;
  /** Host names to addresses, by this server. */
  readonly resolver: HostResolver;
}

const TYPES = { a: 1, mx: 15, srv: 33 } as const;
const CLASS_IN = 1;
const SERVFAIL = 2;
const HEADER_BYTES = 12;
/** Points at the name of the question (RFC 1035 4.1.4). */
const SAME_NAME = 0xc000 | HEADER_BYTES;

/**
 * Written by hand because the target of an SRV record must not be compressed (RFC 2782), which c-ares insists on and
 * the libraries at hand do all the same.
 */
export async function startDnsServer(zone: DnsZone): Promise<DnsServer> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(answer(zone, query), from.port, from.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = `127.0.0.1:${socket.address().port}`;
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  resolver.setServers([address]);
  return {
    address,
    resolver: async (host) => (await resolver.resolve4(host)).map((found) => ({ address: found, family: 4 })),
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function answer(zone: DnsZone, query: Buffer): Buffer {
  const { name, end } = readName(query, HEADER_BYTES);
  const type = query.readUInt16BE(end);
  const failed = zone.broken?.includes(name) === true;
  const data = failed ? [] : recordData(zone, name, type);
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  // A response to a recursive question, with recursion available.
  header.writeUInt16BE(0x8180 | (failed ? SERVFAIL : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data.length, 6);
  const records = data.map((bytes) =>
    Buffer.concat([words(SAME_NAME, type, CLASS_IN, 0, 60, bytes.length), bytes]),
  );
  return Buffer.concat([header, query.subarray(HEADER_BYTES, end + 4), ...records]);
}

function recordData(zone: DnsZone, name: string, type: number): Buffer[] {
  switch (type) {
    case TYPES.srv:
      return (zone.srv?.[name] ?? []).map(([priority, weight, port, target]) =>
        Buffer.concat([words(priority, weight, port), nameBytes(target)]),
      );
    case TYPES.mx:
      return (zone.mx?.[name] ?? []).map(([priority, exchange]) =>
        Buffer.concat([words(priority), nameBytes(exchange)]),
      );
    case TYPES.a: {
      const address = zone.a?.[name];
      return address === undefined ? [] : [Buffer.from(address.split('.').map(Number))];
    }
    default:
      return [];
  }
}

function readName(query: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const parts = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** 16 bits each. */
function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index);
  return bytes;
}
