import { toHttpReply } from '../../../infra/local/gateway/http-reply.ts';

describe("the reply that is made of a function's result", () => {
  test('carries status, headers in lower case, each cookie and the body', () => {
    expect(
      toHttpReply({
        statusCode: 201,
        headers: { Location: '/v1/users/7', 'X-Count': 3, 'Content-Type': 'application/problem+json' },
        cookies: ['a=1; HttpOnly', 'b=2'],
        body: 'ż',
      }),
    ).toEqual({
      status: 201,
      headers: {
        location: '/v1/users/7',
        'x-count': '3',
        'content-type': 'application/problem+json',
        'set-cookie': ['a=1; HttpOnly', 'b=2'],
      },
      body: Buffer.from('ż'),
    });
  });

  test('decodes a base64 body', () => {
    const reply = toHttpReply({ statusCode: 200, body: 'AP8=', isBase64Encoded: true });
    expect(reply?.body).toEqual(Buffer.from([0, 255]));
  });

  test('leaves what only the gateway can know to the gateway', () => {
    const reply = toHttpReply({ statusCode: 200, headers: { 'Content-Length': '99', Connection: 'close' } });
    expect(reply?.headers).toEqual({ 'content-type': 'text/plain;charset=UTF-8' });
  });

  test('is JSON with 200 for a result without a status code', () => {
    const reply = toHttpReply({ ok: true });
    expect(reply).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"ok":true}'),
    });
  });

  test.each([[{ statusCode: 'teapot' }], [{ statusCode: 99 }], [{ statusCode: 200, body: { no: 'text' } }]])(
    'is none for %j',
    (result) => {
      expect(toHttpReply(result)).toBeUndefined();
    },
  );
});
