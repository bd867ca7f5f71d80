import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { ProblemError } from './problem.ts';

export const SCOPES = ['mailhaul:read', 'mailhaul:write'] as const;
export type Scope = (typeof SCOPES)[number];

/** What Cognito calls a resource server. It puts a slash between that and the scope's own name, and takes no other sign. */
export const COGNITO_RESOURCE_SERVER = 'mailhaul';

/** The scope's own name at that resource server. */
export function cognitoScopeName(scope: Scope): string {
  return scope.slice(scope.indexOf(':') + 1);
}

const BY_COGNITO_NAME: ReadonlyMap<string, Scope> = new Map(
  SCOPES.map((scope) => [`${COGNITO_RESOURCE_SERVER}/${cognitoScopeName(scope)}`, scope]),
);

export interface Caller {
  readonly tenant: string;
  readonly scopes: ReadonlySet<string>;
}

/** Names the organisation whose mailboxes are moved. */
export const tenantSchema = z.string().regex(/^[\x21-\x7e]{1,128}$/);

const authorizerSchema = z.object({
  jwt: z.object({
    claims: z.object({
      tenant: tenantSchema,
      scope: z.union([z.string(), z.array(z.string())]).optional(),
      scp: z.union([z.string(), z.array(z.string())]).optional(),
    }),
  }),
});

/**
 * Who calls, by the claims that the gateway's authorizer has verified. An event without them is refused, so that a
 * route which is open by mistake in the gateway is not open here.
 * @throws ProblemError unauthenticated
 */
export function readCaller(event: APIGatewayProxyEventV2): Caller {
  const context: object = event.requestContext;
  const parsed = authorizerSchema.safeParse('authorizer' in context ? context.authorizer : undefined);
  if (!parsed.success) {
    throw new ProblemError('unauthenticated', 'The token names no tenant.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  const { tenant, scope, scp } = parsed.data.jwt.claims;
  return {
    tenant,
    scopes: new Set(scopeNames(scope ?? scp).map((name) => BY_COGNITO_NAME.get(name) ?? name)),
  };
}

/** The gateway hands a list on as the text "[a b]". */
function scopeNames(claim: string | readonly string[] | undefined): readonly string[] {
  if (typeof claim !== 'string') return claim ?? [];
  return claim.replace(/^\[|\]$/g, '').split(/[ ,]+/);
}

/** @throws ProblemError scope-missing */
export function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.has(scope)) return;
  throw new ProblemError('scope-missing', `This needs the scope ${scope}.`, {
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });
}
