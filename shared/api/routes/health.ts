import * as z from 'zod';
import { defineRoute } from '../route.ts';

/** For load balancers and people: the function runs. It reads nothing. */
export const healthRoute = defineRoute({
  method: 'GET',
  path: '/v1/health',
  operationId: 'getHealth',
  summary: 'Whether the API answers',
  access: 'open',
  answers: [{ status: 200, description: 'It does' }],
  answer: z.object({ status: z.literal('ok') }).meta({ id: 'Health' }),
  handle: async () => ({ status: 200, body: { status: 'ok' as const } }),
});
