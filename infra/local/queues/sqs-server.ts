import { buildApp } from 'fauxqs';
import type { AccessKeyCheck } from '../access-key.ts';
import { LocalServiceError } from '../errors.ts';
import type { LoopbackServer } from '../loopback-server.ts';

/**
 * SQS in memory: a restart begins with empty queues, and the timer wakes the work again.
 * (`startFauxqs` would listen on every address of the machine; the app it builds can be told to stay on 127.0.0.1.)
 * @throws LocalServiceError
 */
export async function startSqs(options: { region: string; allows: AccessKeyCheck }): Promise<LoopbackServer> {
  const app = buildApp({ logger: false, defaultRegion: options.region });
  app.addHook('onRequest', async (request, reply) => {
    if (options.allows(request.headers.authorization)) return;
    await reply
      .code(403)
      .type('application/x-amz-json-1.0')
      .send(
        JSON.stringify({
          __type: 'com.amazon.coral.service#UnrecognizedClientException',
          message: 'The security token included in the request is invalid.',
        }),
      );
  });
  try {
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    return {
      url,
      port: Number(new URL(url).port),
      close: async (graceMs) => {
        // Closing ends the long polls at once; what else is in flight is bounded by the grace.
        const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
        await app.close();
        clearTimeout(cut);
      },
    };
  } catch (error) {
    throw new LocalServiceError('sqs', 'The embedded SQS did not start.', error);
  }
}
