import { failedMessages } from '../../../infra/local/queues/failed-messages.ts';

const BATCH = ['a', 'b', 'c'];

describe('what a function reports of its batch', () => {
  test.each([
    ['nothing', undefined, []],
    ['null', null, []],
    ['no list', {}, []],
    ['an empty list', { batchItemFailures: [] }, []],
    ['one message', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    ['a message that was not in it', { batchItemFailures: [{ itemIdentifier: 'z' }] }, BATCH],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, BATCH],
    ['no identifier', { batchItemFailures: [{}] }, BATCH],
    ['something else', 'done', BATCH],
  ])('%s', (_, answer, failed) => {
    expect([...failedMessages(answer, BATCH)]).toEqual(failed);
  });
});
