import { LocalServiceError, MasterKeyError } from '../../../infra/local/errors.ts';
import { carryData, reviveData } from '../../../infra/local/thread/carried-data.ts';
import { carryError, reviveError } from '../../../infra/local/thread/carried-error.ts';

/** What a message between threads does to it. */
function cross(error: unknown): Error {
  return reviveError(structuredClone(carryError(error)));
}

describe('an error that crosses to another thread', () => {
  test('keeps class, data, words, stack and cause', () => {
    const cause = Object.assign(new TypeError('full'), { code: 'ENOSPC', errno: -28, path: '/x' });
    for (const error of [
      new LocalServiceError('dynamodb', 'It did not start.', cause),
      new MasterKeyError('No key.', cause),
      cause,
    ]) {
      const crossed = cross(error);
      expect(crossed).not.toBe(error);
      expect(Object.fromEntries(Object.entries(crossed))).toEqual({
        ...Object.fromEntries(Object.entries(error)),
        name: error.name,
      });
      expect(crossed.message).toBe(error.message);
      expect(crossed.stack).toBe(error.stack);
    }
    const crossed = cross(new LocalServiceError('sqs', 'No.', cause));
    expect(crossed).toBeInstanceOf(LocalServiceError);
    expect(crossed.cause).toMatchObject({ name: 'TypeError', message: 'full', code: 'ENOSPC', path: '/x' });
    expect(cross(new MasterKeyError('No.'))).toBeInstanceOf(MasterKeyError);
  });

  test('is bounded when it causes itself, and loses what no message can hold', () => {
    const circle = Object.assign(new Error('round'), { retry: () => undefined });
    circle.cause = circle;
    let depth = 0;
    for (let error: unknown = cross(circle); error instanceof Error; error = error.cause) depth += 1;
    expect(depth).toBeGreaterThan(1);
    expect(cross(circle)).not.toHaveProperty('retry');
  });

  test('may be anything that can be thrown', () => {
    expect(cross('words').message).toBe("'words'");
    expect(cross(undefined).message).toBe('undefined');
  });
});

describe('the data of a line of the log', () => {
  test('arrives as a logger takes it, errors included', () => {
    const data = { operation: 'PutItem', tries: 3, last: true, missing: undefined, error: new Error('full') };
    const crossed = reviveData(structuredClone(carryData(data)));
    expect(crossed).toEqual(data);
    expect(crossed['error']).toBeInstanceOf(Error);
  });

  test('is told in words where it is neither plain nor an error', () => {
    const crossed = reviveData(structuredClone(carryData({ list: [1, 2], none: null, call: () => 1 })));
    expect(crossed).toEqual({ list: '[ 1, 2 ]', none: null, call: '[Function: call]' });
  });
});
