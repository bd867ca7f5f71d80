import fc from 'fast-check';
import { UsersFileError } from '../../../cli/errors.ts';
import { MAX_USERS_FILE_BYTES } from '../../../cli/users/csv-records.ts';
import { MAX_USERS, parseUsersCsv } from '../../../cli/users/users-csv.ts';

const HEADER = 'EmailAddress,UserName,Password,DestinationPassword';
const parse = (text: string | Uint8Array, destinationPassword?: string) =>
  parseUsersCsv(typeof text === 'string' ? Buffer.from(text) : text, {
    file: 'users.csv',
    destinationPassword,
  });

function failure(text: string | Uint8Array, destinationPassword?: string): UsersFileError {
  try {
    parse(text, destinationPassword);
  } catch (error) {
    if (error instanceof UsersFileError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

function outcomeOf(bytes: Uint8Array): string {
  try {
    parse(bytes);
    return 'users';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

describe('the users file', () => {
  test('gives one user for each row', () => {
    expect(
      parse(
        `${HEADER},UserRoot\nanna@new.example,anna,secret-a,secret-b,INBOX.\nlinh@new.example,linh,c,d,\n`,
      ),
    ).toEqual([
      {
        emailAddress: 'anna@new.example',
        userName: 'anna',
        password: 'secret-a',
        destinationPassword: 'secret-b',
        userRoot: 'INBOX.',
      },
      { emailAddress: 'linh@new.example', userName: 'linh', password: 'c', destinationPassword: 'd' },
    ]);
  });

  test('takes the columns in any order and case, a byte order mark, CRLF, quotes, semicolons and empty lines', () => {
    const expected = [
      { emailAddress: 'a@new.example', userName: 'a', password: 'p,"w;', destinationPassword: 'd' },
    ];
    expect(
      parse('\uFEFFpassword,EMAILADDRESS,destinationPassword,username\r\n"p,""w;",a@new.example,d,a\r\n\r\n'),
    ).toEqual(expected);
    expect(
      parse('EmailAddress;UserName;Password;DestinationPassword\na@new.example;a;"p,""w;";d\n;;;\n'),
    ).toEqual(expected);
  });

  test('keeps blanks around passwords and drops those around names', () => {
    expect(parse(`${HEADER}\n a@new.example , a , p w , d \n`)).toEqual([
      { emailAddress: 'a@new.example', userName: 'a', password: ' p w ', destinationPassword: ' d ' },
    ]);
  });

  test('takes the destination password from the environment where the row has none', () => {
    const rows = parse(
      'EmailAddress,UserName,Password,DestinationPassword\na@x.example,a,p,\nb@x.example,b,p,own',
      'shared',
    );
    expect(rows.map((row) => row.destinationPassword)).toEqual(['shared', 'own']);
  });

  test('names the row without a destination password', () => {
    expect(failure('EmailAddress,UserName,Password\na@x.example,a,p').issues).toEqual([
      expect.objectContaining({
        row: 2,
        column: 'DestinationPassword',
        remedy: expect.stringContaining('MAILHAUL_DESTINATION_PASSWORD'),
      }),
    ]);
  });

  test('names every empty cell by row and column', () => {
    const { issues, exitCode } = failure(`${HEADER}\n,a,p,d\n\nb@x.example,,,d`);
    expect(issues.map(({ row, column }) => [row, column])).toEqual([
      [2, 'EmailAddress'],
      [4, 'UserName'],
      [4, 'Password'],
    ]);
    expect(exitCode).toBe(64);
  });

  test('refuses the same destination mailbox twice, whatever its case, and says where the first one is', () => {
    expect(failure(`${HEADER}\na@x.example,a,p,d\nA@X.EXAMPLE,b,p,d`).issues).toEqual([
      expect.objectContaining({ row: 3, column: 'EmailAddress', problem: 'A@X.EXAMPLE is in row 2 already' }),
    ]);
  });

  test.each([
    ['a missing column', 'EmailAddress,UserName\na@x.example,a', 'Password'],
    [
      'a column that it does not know',
      `${HEADER},DestinationPasword\na@x.example,a,p,d,e`,
      '"DestinationPasword"',
    ],
    ['a column that is there twice', `${HEADER},username\na@x.example,a,p,d,e`, 'UserName'],
  ])('refuses %s and names it', (_what, text, column) => {
    expect(failure(text).issues).toEqual([expect.objectContaining({ row: 1, column })]);
  });

  test.each([
    ['an empty file', ''],
    ['a header alone', HEADER],
    ['a quote that is never closed', `${HEADER}\na@x.example,a,"hunter2,d\nb@x.example,b,p,d`],
    ['a quote inside a cell', `${HEADER}\na@x.example,a,hun"ter2",d`],
    ['more cells than columns', `${HEADER}\na@x.example,a,hunter2,d,e`],
    ['a blank in an address', `${HEADER}\na b@x.example,a,hunter2,d`],
    ['a line break in a password', `${HEADER}\na@x.example,a,"hunter2\n",d`],
    ['a zero byte', `${HEADER}\na@x.example,a,hunter2\0,d`],
    ['UTF-16', Buffer.from(`\uFEFF${HEADER}\n`, 'utf16le')],
    ['a file over 10 MB', Buffer.alloc(MAX_USERS_FILE_BYTES + 1, 'a')],
    ['a row over 64 KB', `${HEADER}\na@x.example,a,${'hunter2'.repeat(20_000)},d`],
  ])('refuses %s in words that hold no password', (_what, text) => {
    const error = failure(text);
    expect(error.issues).not.toHaveLength(0);
    expect(
      `${error.message} ${error.stack} ${String(error.cause)} ${JSON.stringify(error.cause)}`,
    ).not.toContain('hunter2');
  });

  test('takes 50,000 users and no more', () => {
    const rows = Array.from({ length: MAX_USERS + 1 }, (_, index) => `u${index}@x.example,u,p,d`);
    expect(parse([HEADER, ...rows.slice(1)].join('\n'))).toHaveLength(MAX_USERS);
    expect(failure([HEADER, ...rows].join('\n')).message).toContain('50001 users');
  });

  test('shows the first twenty of many mistakes and counts the rest', () => {
    const { message, issues } = failure([HEADER, ...Array.from({ length: 30 }, () => ',a,p,d')].join('\n'));
    expect(issues).toHaveLength(30);
    expect(message).toContain('and 10 more');
  });

  test('gives back any cells that a spreadsheet can write', () => {
    const cell = fc
      .stringMatching(/^[!-~ąłđ€,;"' ]{1,20}$/)
      .filter((text) => text.trim() === text && text !== '');
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        cell,
        cell,
        cell,
        fc.constantFrom('\n', '\r\n'),
        (userName, password, destinationPassword, end) => {
          const line = ['a@x.example', userName, password, destinationPassword].map(quote).join(',');
          expect(parse(`${HEADER}${end}${line}${end}`)).toEqual([
            { emailAddress: 'a@x.example', userName, password, destinationPassword },
          ]);
        },
      ),
    );
  });

  test('answers any bytes with users or with a named error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.string({ unit: 'binary' }).map((text) => Buffer.from(`${HEADER}\n${text}`)),
        ),
        (bytes) => {
          expect(outcomeOf(bytes)).toMatch(/^(users|UsersFileError)$/);
        },
      ),
    );
  });

  test('asks for what the servers want, and keeps nothing else', () => {
    const read = (text: string, wanted: Parameters<typeof parseUsersCsv>[1]['wanted']) =>
      parseUsersCsv(Buffer.from(text), {
        file: 'users.csv',
        destinationPassword: undefined,
        ...(wanted && { wanted }),
      });
    const names = { emailAddress: 'a@new.example', userName: 'a' };
    expect(
      read('EmailAddress,UserName,Password\na@new.example,a,of no use\n', {
        source: undefined,
        destination: undefined,
      }),
    ).toEqual([names]);
    expect(
      read('EmailAddress,UserName,RefreshToken,DestinationRefreshToken\na@new.example,a,1//rt,0.rt\n', {
        source: 'refresh-token',
        destination: 'refresh-token',
      }),
    ).toEqual([{ ...names, refreshToken: '1//rt', destinationRefreshToken: '0.rt' }]);
    expect(() =>
      read('EmailAddress,UserName\na@new.example,a\n', { source: 'refresh-token', destination: undefined }),
    ).toThrow(/row 1, column RefreshToken: is missing/);
    expect(() =>
      read('EmailAddress,UserName,RefreshToken\na@new.example,a,\n', {
        source: 'refresh-token',
        destination: 'refresh-token',
      }),
    ).toThrow(/column RefreshToken: is empty[^]*column DestinationRefreshToken: is empty/);
  });
});
