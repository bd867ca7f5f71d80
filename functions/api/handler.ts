import withMiddy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type App, createApp, type Reply } from '../../shared/api/create-app.ts';
import { createServices } from '../../shared/services.ts';

/** The HTTP API behind an HTTP API gateway (payload format 2.0) with a JWT authorizer. */
export function createApiHandler(variables: Readonly<Record<string, string | undefined>>) {
  let app: App | undefined;
  return withMiddy<APIGatewayProxyEventV2, Reply>().handler(
    (event: APIGatewayProxyEventV2, _context, { signal }): Promise<Reply> => {
      app ??= createApp(createServices('api', variables));
      return app(event, signal);
    },
  );
}

export const handler = createApiHandler(process.env);
