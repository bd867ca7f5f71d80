import type * as z from 'zod';
import type { ConnectionTest } from './connection-test-port.ts';
import type { Discover } from './discovery-port.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import type { Language } from '../i18n/language.ts';
import type { Services } from '../services.ts';
import type { Scope } from './caller.ts';
import { type nothing, parsePart, type RawRequest } from './parse-request.ts';
import type { ProblemCode } from './problem-code.ts';

/** What a handler works with. */
export interface RouteContext {
  readonly services: Services;
  readonly testConnection: ConnectionTest;
  readonly discover: Discover;
  /** Texts in the caller's language. */
  readonly catalogue: Catalogue;
  readonly language: Language;
  /** The caller's; every read and write carries it. */
  readonly tenant: string;
  /** Names the request if the client gave it an Idempotency-Key; holds nothing of the request itself. */
  readonly requestKey: string | undefined;
  readonly signal: AbortSignal;
  /** What is no part of the description of a route. */
  readonly http: HttpFacts;
}

interface HttpFacts {
  /** Where the request came to, such as `https://api.example.org`. */
  readonly origin: string;
  /** As it was sent, without the question mark. */
  readonly rawQuery: string;
  /** `name=value` each. */
  readonly cookies: readonly string[];
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  /** Path of what was made; where a redirection leads. */
  readonly location?: string;
  /** As `Set-Cookie` has them (RFC 6265). */
  readonly cookies?: readonly string[];
}

/** What all routes have, whatever their types. */
interface RouteFacts {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{name}` stands for one segment. */
  readonly path: `/v1/${string}`;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** 'open' needs no token. */
  readonly access: Scope | 'open';
  readonly answers: readonly { readonly status: number; readonly description: string }[];
  /** Besides those that every route may give. */
  readonly problems?: readonly ProblemCode[];
  /** Bytes of the body at most. */
  readonly maxBodyBytes?: number;
  /** The body may hold passwords. */
  readonly carriesSecrets?: boolean;
  /** Its answers are for the caller alone: none is kept for an Idempotency-Key. */
  readonly answersSecrets?: boolean;
  /** People open it in a browser: it answers with pages, and so does what goes wrong. */
  readonly pages?: boolean;
  /** The body may be a CSV file, handed to the schema as `{ csv }`. */
  readonly takesCsv?: boolean;
}

interface Schemas {
  readonly params: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  /** Undefined = the answer has no body. */
  readonly answer: z.ZodType | undefined;
}

/** A route as the dispatcher and the OpenAPI document see it. */
export interface Route extends RouteFacts {
  readonly schemas: Schemas;
  /** Checks a request; what it returns serves it. @throws ProblemError */
  readonly prepare: (request: RawRequest) => (context: RouteContext) => Promise<Answer<unknown>>;
}

interface RouteDefinition<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Output extends z.ZodType,
> extends RouteFacts {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer?: Output;
  readonly handle: (
    request: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> },
    context: RouteContext,
  ) => Promise<Answer<z.input<Output>>>;
}

/** An object of which no key is known. */
type Nothing = typeof nothing;

/** One route: its schemas serve the checking of requests, the types of its handler, and the OpenAPI document. */
export function defineRoute<
  Output extends z.ZodType = z.ZodUndefined,
  Params extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<Params, Query, Body, Output>): Route {
  const { params, query, body, answer, handle, ...facts } = definition;
  return {
    ...facts,
    schemas: { params, query, body, answer },
    prepare: (raw) => {
      const request = {
        params: parsePart('path', params, raw.params),
        query: parsePart('query', query, raw.query),
        body: parsePart('body', body, raw.body),
      };
      return (context) => handle(request, context);
    },
  };
}
