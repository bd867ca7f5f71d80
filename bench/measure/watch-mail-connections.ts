import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import type { OwnMeasurements } from './own-measurements.ts';

type MailConnections = Pick<OwnMeasurements, 'connections' | 'firstConnectionAt' | 'lastConnectionEndedAt'>;

/** Notes when this process talks to mail servers, which are known by their ports. */
export function watchMailConnections(ports: ReadonlySet<number>): () => MailConnections {
  const seen: { connections: number; firstConnectionAt?: number; lastConnectionEndedAt?: number } = {
    connections: 0,
  };
  subscribe('net.client.socket', (message) => {
    const socket = typeof message === 'object' && message !== null && 'socket' in message && message.socket;
    if (!(socket instanceof Socket)) return;
    const at = Date.now();
    socket.once('connect', () => {
      if (socket.remotePort === undefined || !ports.has(socket.remotePort)) return;
      seen.connections += 1;
      seen.firstConnectionAt = Math.min(at, seen.firstConnectionAt ?? at);
      socket.once('close', () => {
        seen.lastConnectionEndedAt = Date.now();
      });
    });
  });
  return () => seen;
}
