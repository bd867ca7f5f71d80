import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import * as z from 'zod';
import { PROBLEMS, type ProblemCode } from './problem-code.ts';
import type { Route } from './route.ts';
import { problemSchema } from './schemas/problem-schema.ts';

/** Problems that every route with a token, with a body, or with a path parameter may answer with. */
const ALWAYS: readonly ProblemCode[] = ['internal', 'unavailable'];
const WITH_TOKEN: readonly ProblemCode[] = ['unauthenticated', 'scope-missing'];
const WITH_BODY: readonly ProblemCode[] = [
  'body-malformed',
  'body-too-large',
  'media-type-unsupported',
  'request-invalid',
];
const WITH_KEY: readonly ProblemCode[] = [
  'idempotency-key-invalid',
  'request-in-progress',
  'idempotency-key-reused',
];

const idempotencyHeader = z.object({
  'idempotency-key': z.string().min(1).max(128).optional().meta({
    description:
      'Names the request: sent again with the same key, the same answer comes back and nothing is done twice. Kept for 24 hours.',
  }),
});

/** The OpenAPI 3.1 document of the routes, from the very schemas that check requests. */
export function openApiDocument(routes: readonly Route[]): Record<string, unknown> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const method = METHODS[route.method];
    paths[route.path] = { ...paths[route.path], [method]: operation(route) };
  }
  const document = createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Mailhaul',
      version: '1',
      description:
        'Moves the mail of many users from any IMAP service into the mailboxes of their organisation and keeps both in step. Times are UTC in ISO 8601. Texts for people follow Accept-Language (en, pl, vi).',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token with the claims `tenant` and `scope` (`mailhaul:read`, `mailhaul:write`)',
        },
      },
    },
  });
  return { ...document };
}

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;

function operation(route: Route): ZodOpenApiOperationObject {
  const { params, query, body } = route.schemas;
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.path.split('/')[2] ?? 'api'],
    security: route.access === 'open' ? [] : [{ token: [route.access] }],
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(takesKey(route) ? { header: idempotencyHeader } : {}),
    },
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse(undefined).success,
            content: {
              'application/json': { schema: body },
              ...(route.takesCsv === true ? { 'text/csv': { schema: { type: 'string' } } } : {}),
            },
          },
        }),
    responses: responses(route),
  };
}

function takesKey({ method, answersSecrets }: Route): boolean {
  return method === 'POST' && answersSecrets !== true;
}

function responses(route: Route): ZodOpenApiOperationObject['responses'] {
  const { answer } = route.schemas;
  const type = route.pages === true ? 'text/html' : 'application/json';
  const byStatus = Map.groupBy(problemsOf(route), (code) => PROBLEMS[code]);
  const good = route.answers.map(({ status, description }) => [
    String(status),
    { description, ...(answer === undefined ? {} : { content: { [type]: { schema: answer } } }) },
  ]);
  const bad = [...byStatus]
    .toSorted(([a], [b]) => a - b)
    .map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]);
  return Object.fromEntries([...good, ...bad]);
}

function problemsOf(route: Route): ProblemCode[] {
  const { params, query, body } = route.schemas;
  if (route.pages === true) return [];
  return [
    ...new Set([
      ...ALWAYS,
      ...(route.access === 'open' ? [] : WITH_TOKEN),
      ...(body === undefined ? [] : WITH_BODY),
      ...(takesKey(route) ? WITH_KEY : []),
      ...(params === undefined ? [] : (['not-found'] as const)),
      ...(query === undefined ? [] : (['request-invalid', 'cursor-invalid'] as const)),
      ...(route.problems ?? []),
    ]),
  ];
}
