import { parseCopiedUids } from '../../../shared/imap/mailbox/copy-messages.ts';

const told = (codeArguments: string, code = 'COPYUID') =>
  parseCopiedUids({ code, codeArguments }, [4, 5, 6, 9]);

describe('what COPYUID tells', () => {
  test('is one copy for each message, in the order of both sets', () => {
    expect(told('77 4:6,9 101:103,110')).toEqual({
      uidValidity: 77,
      uids: new Map([
        [4, 101],
        [5, 102],
        [6, 103],
        [9, 110],
      ]),
    });
    expect(told('77 9,4 101,102')?.uids).toEqual(
      new Map([
        [9, 101],
        [4, 102],
      ]),
    );
  });

  test('says by what is missing that a message was gone', () => {
    expect(told('77 4,9 101:102')?.uids).toEqual(
      new Map([
        [4, 101],
        [9, 102],
      ]),
    );
  });

  test.each([
    ['fewer copies than messages', '77 4:5 101'],
    ['more copies than messages', '77 4 101:102'],
    ['messages that were not asked for', '77 4,7 101,102'],
    ['one copy for two messages', '77 4,5 101,101'],
    ['a message twice', '77 4,4 101,102'],
    ['endless sets', '77 1:4294967295 1:4294967295'],
    ['no UIDVALIDITY', '0 4 101'],
    ['no numbers', '77 4 *'],
    ['too little', '77 4'],
    ['nothing', ''],
  ])('is nothing where it is %s', (_name, codeArguments) => {
    expect(told(codeArguments)).toBeUndefined();
  });

  test('is nothing in another code', () => {
    expect(told('77 4 101', 'APPENDUID')).toBeUndefined();
  });
});
