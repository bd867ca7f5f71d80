import * as z from 'zod';
import { defineRoute, type Route } from '../route.ts';

/** The API's own description. Takes the routes as a function, for it is one of them. */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let document: Record<string, unknown> | undefined;
  return defineRoute({
    method: 'GET',
    path: '/v1/openapi.json',
    operationId: 'getOpenApi',
    summary: 'This description',
    access: 'open',
    answers: [{ status: 200, description: 'An OpenAPI 3.1 document' }],
    answer: z.record(z.string(), z.unknown()).meta({ id: 'OpenApiDocument' }),
    handle: async () => {
      // Loaded when somebody asks: what makes the document takes a good part of the time that the API needs to start.
      const { openApiDocument } = await import('../openapi-document.ts');
      document ??= openApiDocument(routes());
      return { status: 200, body: document };
    },
  });
}
