import fc from 'fast-check';
import { QueueMessageInvalidError } from '../../../shared/queue/errors.ts';
import { parseChunkMessage, parsePassMessage } from '../../../shared/queue/queue-messages.ts';

describe('a message from a queue', () => {
  test('of ours is parsed', () => {
    const pass = { v: 1, tenant: 'acme', mailboxId: 'm1', reason: 'due' };
    expect(parsePassMessage(JSON.stringify(pass))).toEqual(pass);
    const chunk = { v: 1, tenant: 'acme', mailboxId: 'm1', pass: 0 };
    expect(parseChunkMessage(JSON.stringify(chunk))).toEqual(chunk);
  });

  test('with a field of a newer worker is read by an older one, which passes over the field', () => {
    const pass = { v: 1, tenant: 'acme', mailboxId: 'm1', reason: 'due' };
    expect(parsePassMessage(JSON.stringify({ ...pass, urgency: 3 }))).toEqual(pass);
    const chunk = { v: 1, tenant: 'acme', mailboxId: 'm1', pass: 4, lane: 2 };
    expect(parseChunkMessage(JSON.stringify({ ...chunk, hint: { uid: 7 } }))).toEqual(chunk);
  });

  test.each([
    ['of a later version', '{"v":2,"tenant":"a","mailboxId":"m","reason":"due"}', ['v']],
    ['without a tenant', '{"v":1,"mailboxId":"m","reason":"due"}', ['tenant']],
    ['with an empty tenant', '{"v":1,"tenant":"","mailboxId":"m","reason":"due"}', ['tenant']],
    ['of the other queue', '{"v":1,"tenant":"a","mailboxId":"m","pass":1}', ['reason']],
    ['that is no JSON', '{"v":1', ['body']],
  ])('%s is refused with the names of its fields', (_what, body, paths) => {
    const parsing = (): unknown => parsePassMessage(body);
    expect(parsing).toThrow(QueueMessageInvalidError);
    expect(parsing).toThrow(expect.objectContaining({ paths, queue: 'passes' }));
  });

  test('that anybody else sent is refused with a typed error, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(() => parsePassMessage(body)).toThrow(QueueMessageInvalidError);
        expect(() => parseChunkMessage(body)).toThrow(QueueMessageInvalidError);
      }),
    );
  });
});
