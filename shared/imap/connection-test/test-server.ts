import { connectServer } from '../session/connect-server.ts';
import type { ImapEndpoint } from '../session/imap-endpoint.ts';
import { requireTokenSignIn } from '../session/sign-in-method.ts';
import type { Wait } from '../wire/wait.ts';
import type { ConnectionVerdict } from './connection-verdict.ts';
import { recordFailure } from './record-failure.ts';
import { StepLog } from './step-log.ts';
import { CONNECT_MS, type ConnectionTestOptions, TOTAL_MS } from './test-connection.ts';

/**
 * Tries a server whose users have not consented yet, as far as that is possible without any of them: that it is there,
 * encrypted as demanded, and takes tokens. A fault is a verdict, never an exception.
 */
export async function testServer(
  endpoint: ImapEndpoint,
  options: ConnectionTestOptions,
): Promise<ConnectionVerdict> {
  const { now = () => performance.now(), onStep = () => undefined, totalMs = TOTAL_MS } = options;
  const log = new StepLog(endpoint.security, options.side, { asksFirst: false, signsIn: false, now, onStep });
  const verdict: ConnectionVerdict = { ok: false, steps: [] };
  const timeUp = AbortSignal.timeout(totalMs);
  const wait: Wait = {
    signal: options.signal ? AbortSignal.any([options.signal, timeUp]) : timeUp,
    deadlineMs: CONNECT_MS,
  };
  try {
    const { socket, capabilities } = await connectServer(endpoint, {
      wait,
      addressPolicy: options.addressPolicy,
      ...(options.resolver ? { resolver: options.resolver } : {}),
      onStep: (step, detail) => log.ok(step, detail),
      onCertificate: (certificate) => {
        verdict.certificate = certificate;
      },
    });
    socket.destroy();
    requireTokenSignIn(capabilities, endpoint);
    verdict.capabilities = [...capabilities].toSorted();
    log.ok('capabilities', 'Tokens are taken. Who signs in is seen when a user consents.');
    verdict.ok = true;
  } catch (error) {
    options.signal?.throwIfAborted();
    recordFailure(verdict, log, error, timeUp.aborted ? totalMs : undefined);
  }
  verdict.steps = log.outcomes;
  return verdict;
}
