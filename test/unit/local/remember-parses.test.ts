import conditionParser, { type ExpressionParser, type ParseContext } from 'dynalite/db/conditionParser.js';
import projectionParser from 'dynalite/db/projectionParser.js';
import updateParser from 'dynalite/db/updateParser.js';
import { rememberParses } from '../../../infra/local/dynamodb/remember-parses.ts';

interface Said {
  readonly result: object | string;
  /** Names and values; of a request that is refused nobody asks. */
  readonly unused?: readonly [string[], string[]];
}

type Named = Readonly<Record<string, string>>;
type Valued = Readonly<Record<string, object>>;

/** The parsers' own ones are set by dynalite, which is not part of this. */
const RULES = { isReserved: (name: string) => name === 'size', compare };

function compare(_operator: 'GT', lower: { N: string }, upper: { N: string }): boolean {
  return Number(lower.N) > Number(upper.N);
}

function say(parser: ExpressionParser, text: string, attrNames?: Named, attrVals?: Valued): Said {
  const context: ParseContext = {
    ...RULES,
    attrNames,
    attrVals,
    unusedAttrNames: all(attrNames),
    unusedAttrVals: all(attrVals),
  };
  const result = parser.parse(text, { context });
  if (typeof result === 'string') return { result };
  return { result, unused: [Object.keys(context.unusedAttrNames), Object.keys(context.unusedAttrVals)] };
}

function all(named: object | undefined): Record<string, true> {
  return Object.fromEntries(Object.keys(named ?? {}).map((name) => [name, true]));
}

/** A parser that remembers, and what it asked of the one that does not. */
function remembering(original: ExpressionParser): { parser: ExpressionParser; asked: string[] } {
  const asked: string[] = [];
  const parser: ExpressionParser = {
    parse: (text, options) => {
      asked.push(text);
      return original.parse(text, options);
    },
  };
  rememberParses(parser);
  return { parser, asked };
}

const NAMES = { '#owner': 'owner', '#fence': 'fence', '#claim': 'claim', '#unused': 'unused' };
const VALUES = [
  {
    ':owner': { S: 'a' },
    ':fence': { N: '1' },
    ':no': { BOOL: false },
    ':list': { L: [] },
    ':one': { N: '1' },
  },
  {
    ':owner': { S: 'b' },
    ':fence': { N: '2' },
    ':no': { BOOL: true },
    ':list': { L: [] },
    ':one': { N: '9' },
  },
  // the same names for values of other types
  {
    ':owner': { N: '3' },
    ':fence': { S: 'c' },
    ':no': { L: [] },
    ':list': { S: 'd' },
    ':one': { B: 'AA==' },
  },
];

const EXPRESSIONS: ReadonlyArray<readonly [string, ExpressionParser, string]> = [
  ['condition', conditionParser, 'attribute_not_exists(pk)'],
  ['condition', conditionParser, '#owner = :owner AND #fence = :fence'],
  ['condition', conditionParser, 'NOT (#claim.#fence[2] <> :fence) OR begins_with(#owner, :owner)'],
  ['condition', conditionParser, '#owner IN (:owner, :fence, :no) AND size(#claim) > :one'],
  ['condition', conditionParser, '#owner = :owner AND'],
  ['condition', conditionParser, '#nobody = :nothing'],
  ['condition', conditionParser, 'size = :one'],
  ['update', updateParser, 'SET #owner = :owner, #fence = if_not_exists(#fence, :one) + :one REMOVE #claim'],
  ['update', updateParser, 'SET #claim.#owner = :owner, #claim.#fence[0] = :list, other = :no'],
  ['update', updateParser, 'ADD #fence :one'],
  ['update', updateParser, 'SET #owner = :owner SET #fence = :fence'],
  ['projection', projectionParser, '#owner, #claim.#fence, other[3]'],
  ['projection', projectionParser, '#owner, #owner'],
];

function outcome(run: () => Said): unknown {
  try {
    return run();
  } catch (error) {
    return { threw: String(error) };
  }
}

describe('a parser that remembers', () => {
  test.each(EXPRESSIONS)('says of each %s what it would have said without: %#', (_kind, original, text) => {
    const { parser } = remembering(original);
    for (const values of [...VALUES, ...VALUES]) {
      for (const names of [NAMES, { ...NAMES, '#owner': 'somebody' }, {}]) {
        expect(outcome(() => say(parser, text, names, values))).toStrictEqual(
          outcome(() => say(original, text, names, values)),
        );
      }
    }
    expect(outcome(() => say(parser, text))).toEqual(outcome(() => say(original, text)));
  });

  test('parses an expression once, however often it comes with other values', () => {
    const { parser, asked } = remembering(conditionParser);
    for (const value of ['a', 'b', 'c']) say(parser, '#owner = :owner', NAMES, { ':owner': { S: value } });
    expect(asked).toEqual(['#owner = :owner']);
  });

  test('puts the values of the request itself into what it says', () => {
    const { parser } = remembering(updateParser);
    const { result: first } = say(parser, 'SET #owner = :owner', NAMES, { ':owner': { S: 'a' } });
    const { result: second } = say(parser, 'SET #owner = :owner', NAMES, { ':owner': { S: 'b' } });
    expect(first).toMatchObject({ sections: [{ val: { S: 'a' } }] });
    expect(second).toMatchObject({ sections: [{ val: { S: 'b' } }] });
  });

  test('hears nothing of what is done to its answers', () => {
    const { parser } = remembering(conditionParser);
    const ask = () => say(parser, '#owner = :owner', NAMES, { ':owner': { S: 'a' } }).result;
    for (let time = 0; time < 2; time += 1)
      Object.assign((ask() as { expression: object }).expression, { type: '<' });
    expect(ask()).toMatchObject({ expression: { type: '=' } });
  });

  test.each([
    ['#fence BETWEEN :from AND :to', [{ N: '1' }, { N: '2' }], [{ N: '2' }, { N: '1' }]],
    [
      'attribute_type(#fence, :from) AND #fence < :to',
      [{ S: 'N' }, { N: '1' }],
      [{ S: 'no type' }, { N: '1' }],
    ],
  ])(
    'looks at the values again where they decide: %s',
    (text, [from = {}, to = {}], [otherFrom = {}, otherTo = {}]) => {
      const { parser } = remembering(conditionParser);
      expect(say(parser, text, NAMES, { ':from': from, ':to': to }).result).toEqual(expect.any(Object));
      expect(say(parser, text, NAMES, { ':from': otherFrom, ':to': otherTo }).result).toEqual(
        expect.any(String),
      );
    },
  );

  test('counts a name as used also when it was first parsed behind an expression with the same name', () => {
    const { parser } = remembering(projectionParser);
    const used: ParseContext = {
      ...RULES,
      attrNames: { '#a': 'a' },
      attrVals: undefined,
      unusedAttrNames: {},
      unusedAttrVals: {},
    };
    parser.parse('#a', { context: used });
    expect(say(parser, '#a', { '#a': 'a' }).unused).toEqual([[], []]);
  });

  test('keeps a bounded number', () => {
    const { parser, asked } = remembering(projectionParser);
    for (let number = 0; number <= 500; number += 1) say(parser, `a${number}`);
    say(parser, 'a500');
    say(parser, 'a0');
    expect(asked.slice(500)).toEqual(['a500', 'a0']);
  });
});
