import { defineRoute } from '../route.ts';
import {
  budgetInputSchema,
  budgetParams,
  hostBudgetSchema,
  showHostBudget,
  tuningOf,
} from '../schemas/budget-schema.ts';
import { pageAnswer, pageQuery, pageRequest, pageSchema } from '../schemas/page-schema.ts';

export const listBudgets = defineRoute({
  method: 'GET',
  path: '/v1/budgets',
  operationId: 'listBudgets',
  summary: 'The hosts whose budgets the tenant has set',
  access: 'mailhaul:read',
  query: pageQuery,
  answers: [{ status: 200, description: 'A page of budgets, by host' }],
  answer: pageSchema(hostBudgetSchema),
  handle: async ({ query }, { services, tenant }) =>
    pageAnswer(await services.state.budgets.list(tenant, pageRequest(query)), (record) =>
      showHostBudget(record.host, record),
    ),
});

export const getBudget = defineRoute({
  method: 'GET',
  path: '/v1/budgets/{host}',
  operationId: 'getBudget',
  summary: 'How much work a mail server is given',
  description: 'Any host may be asked for: where nothing was set, what is known of its provider holds.',
  access: 'mailhaul:read',
  params: budgetParams,
  answers: [{ status: 200, description: 'The budget' }],
  answer: hostBudgetSchema,
  handle: async ({ params }, { services, tenant }) => {
    const host = params.host.toLowerCase();
    const shown = showHostBudget(host, await services.state.budgets.get(tenant, host));
    if (shown.budget.connectionsPerHost === undefined) return { status: 200, body: shown };
    const { clock, environment, state } = services;
    const now = clock.now();
    const [connections, waiting] = await Promise.all([
      state.hosts.countSlots({ tenant, host }, { now, ownerEpoch: environment.epoch }),
      state.hosts.countWaiters({ tenant, host }, now),
    ]);
    return { status: 200, body: { ...shown, inUse: { connections, waiting } } };
  },
});

export const putBudget = defineRoute({
  method: 'PUT',
  path: '/v1/budgets/{host}',
  operationId: 'putBudget',
  summary: 'Set how much work a mail server is given',
  description:
    'Replaces what was set before; what is left out is as the provider says, and an empty object takes everything back. The connections of one account hold for a mailbox from its next start, those of the host at once.',
  access: 'mailhaul:write',
  params: budgetParams,
  body: budgetInputSchema,
  answers: [{ status: 200, description: 'The budget as it holds now' }],
  answer: hostBudgetSchema,
  problems: ['changed-meanwhile'],
  handle: async ({ params, body }, { services, tenant }) => {
    const { state, clock } = services;
    const host = params.host.toLowerCase();
    const tuning = tuningOf(body);
    if (Object.keys(tuning).length === 0) {
      await state.budgets.remove(tenant, host);
      return { status: 200, body: showHostBudget(host, undefined) };
    }
    const current = await state.budgets.get(tenant, host);
    const saved = await state.budgets.put({
      tenant,
      host,
      ...tuning,
      updatedAt: clock.now(),
      version: current?.version ?? 0,
    });
    return { status: 200, body: showHostBudget(host, saved) };
  },
});
