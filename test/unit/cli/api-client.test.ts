import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { createApiClient } from '../../../cli/api/api-client.ts';

describe('the client of the HTTP API', () => {
  let server: Server;
  const seen: string[] = [];
  const client = () =>
    // A TCP server's address is never a path.
    createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () =>
      Promise.resolve('secret-token'),
    );

  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      seen.push(`${request.method} ${url.pathname}${url.search} ${request.headers.authorization}`);
      if (url.pathname === '/list') {
        const next = { undefined: 'two', two: 'three' }[String(url.searchParams.get('cursor') ?? undefined)];
        response.end(JSON.stringify({ items: [url.searchParams.get('cursor') ?? 'one'], nextCursor: next }));
      } else if (url.pathname === '/problem') {
        response.writeHead(422, { 'content-type': 'application/problem+json' });
        const failed = {
          step: 'login',
          reason: 'authentication-failed',
          summary: 'Refused.',
          remedy: 'Correct it.',
        };
        response.end(
          JSON.stringify({
            code: 'connection-not-verified',
            title: 't',
            detail: 'It failed.',
            remedy: 'Do this.',
            errors: [{ detail: 'wrong', pointer: '#/a' }],
            verdict: { failed },
          }),
        );
      } else {
        response.writeHead(502);
        response.end('<html>');
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  test('reads a list to its end', async () => {
    expect(await client().list('/list', z.string())).toEqual(['one', 'two', 'three']);
    expect(seen[1]).toBe('GET /list?limit=200&cursor=two Bearer secret-token');
  });

  test('turns a problem into an error with its code, its words and the verdict', async () => {
    await expect(
      client().request('POST', '/problem', { body: {}, answer: z.unknown() }),
    ).rejects.toMatchObject({
      message: 'It failed. #/a wrong Do this. (POST /problem)',
      status: 422,
      problem: 'connection-not-verified',
      verdict: { failed: { reason: 'authentication-failed' } },
      exitCode: 70,
    });
  });

  test('says what can be said of an answer that is none', async () => {
    await expect(client().request('GET', '/other', { answer: z.unknown() })).rejects.toMatchObject({
      status: 502,
      problem: undefined,
    });
  });
});
