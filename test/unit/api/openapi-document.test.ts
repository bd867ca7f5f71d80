import { openApiDocument } from '../../../shared/api/openapi-document.ts';
import { PROBLEMS } from '../../../shared/api/problem-code.ts';
import { ROUTES } from '../../../shared/api/route-table.ts';

const document = openApiDocument(ROUTES);

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string; required?: boolean }[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { description?: string; content?: Record<string, unknown> }>;
  security: unknown[];
}

/** The document is plain JSON of our own making; a wrong shape fails the assertions below. */
const plain = JSON.parse(JSON.stringify(document)) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

function operationOf(method: string, path: string): Operation {
  const operation = plain.paths[path]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`${method} ${path} is not in the document`);
  return operation;
}

describe('the OpenAPI document', () => {
  test('has every route and no other', () => {
    const described = Object.entries(plain.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(described)).toEqual(new Set(routes));
    expect(new Set(routes).size).toBe(routes.length);
    expect(plain.openapi).toBe('3.1.0');
  });

  test('names each operation once', () => {
    const names = ROUTES.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'describes parameters, body and answers of %s',
    (_name, route) => {
      const operation = operationOf(route.method, route.path);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      const named = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(inPath.map(({ name }) => name)).toEqual(named);
      expect(inPath.every(({ required }) => required === true)).toBe(true);
      expect(operation.requestBody === undefined).toBe(route.schemas.body === undefined);
      expect(operation.security).toEqual(route.access === 'open' ? [] : [{ token: [route.access] }]);
      for (const { status } of route.answers) expect(operation.responses[String(status)]).toBeDefined();
      for (const code of route.problems ?? []) {
        expect(operation.responses[String(PROBLEMS[code])]?.description).toContain(code);
      }
      expect(Object.values(operation.responses).every(({ description }) => description !== undefined)).toBe(
        true,
      );
      const idempotent = (operation.parameters ?? []).some(({ name }) => name === 'idempotency-key');
      // what is told once is not kept to be told again
      expect(idempotent).toBe(route.method === 'POST' && route.operationId !== 'createConsentLinks');
    },
  );

  test('has a schema for every reference', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(plain.components.schemas).toHaveProperty([reference.split('/').at(-1) ?? '']);
    }
  });

  test('refuses unknown keys wherever it takes a body', () => {
    const inputs = ROUTES.flatMap(({ method, path, schemas }) =>
      schemas.body === undefined ? [] : [operationOf(method, path)],
    );
    for (const { requestBody } of inputs) {
      const text = JSON.stringify(requestBody);
      const name = /schemas\/(\w+)/.exec(text)?.[1] ?? '';
      expect(plain.components.schemas[name]).toMatchObject({ additionalProperties: false });
    }
  });

  test('marks every password as such', () => {
    const passwords = propertiesOf(document).filter(([name]) => /password$/i.test(name));
    expect(passwords.length).toBeGreaterThanOrEqual(6);
    for (const [, schema] of passwords) expect(schema).toMatchObject({ format: 'password', writeOnly: true });
  });
});

/** Every property of every schema, with its name. */
function propertiesOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => [
    ...(name === 'properties' ? Object.entries(Object(inner)) : []),
    ...propertiesOf(inner),
  ]);
}
