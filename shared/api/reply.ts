import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { catalogueOf } from '../i18n/catalogue-of.ts';
import type { Language } from '../i18n/language.ts';
import { CONSENT_STATUSES, consentPage, consentRefusalOf } from './pages/consent-page.ts';
import { htmlPage, PAGE_HEADERS } from './pages/html-page.ts';
import type { ProblemError } from './problem.ts';
import type { Answer } from './route.ts';

const HEADERS = {
  // Answers hold addresses of people.
  'cache-control': 'no-store',
  vary: 'accept-language',
  'x-content-type-options': 'nosniff',
} as const;

/** The reply to a request that was served: JSON, or a page where the body is text. */
export function answerReply(
  answer: Answer<unknown> & { replayed?: boolean },
  language: Language,
): APIGatewayProxyStructuredResultV2 {
  const headers = {
    ...HEADERS,
    'content-language': language,
    ...(answer.location === undefined ? {} : { location: answer.location }),
    ...(answer.replayed === true ? { 'idempotency-replayed': 'true' } : {}),
  };
  const cookies = answer.cookies === undefined ? {} : { cookies: [...answer.cookies] };
  if (answer.body === undefined) return { statusCode: answer.status, headers, ...cookies };
  if (typeof answer.body === 'string') {
    return {
      statusCode: answer.status,
      headers: { ...headers, ...PAGE_HEADERS },
      body: answer.body,
      ...cookies,
    };
  }
  return {
    statusCode: answer.status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(answer.body),
  };
}

/** A page about what went wrong, for a route that people open. */
export function pageReply(error: unknown, language: Language): APIGatewayProxyStructuredResultV2 {
  const catalogue = catalogueOf(language);
  const { outcome, account } = consentRefusalOf(error);
  const body = htmlPage(consentPage(outcome, account, catalogue), language);
  return answerReply({ status: CONSENT_STATUSES[outcome], body }, language);
}

/** RFC 9457. `instance` names this very occurrence, for the operator to find it in the log. */
export function problemReply(
  problem: ProblemError,
  request: { language: Language; requestId: string },
): APIGatewayProxyStructuredResultV2 {
  const { title, remedy } = catalogueOf(request.language).problems[problem.code];
  return {
    statusCode: problem.status,
    headers: {
      ...HEADERS,
      ...problem.headers,
      'content-language': request.language,
      'content-type': 'application/problem+json',
    },
    body: JSON.stringify({
      type: `urn:mailhaul:problem:${problem.code}`,
      title,
      status: problem.status,
      detail: problem.message,
      instance: `urn:mailhaul:request:${request.requestId}`,
      code: problem.code,
      remedy,
      ...(problem.errors.length === 0 ? {} : { errors: problem.errors }),
      ...problem.extensions,
    }),
  };
}
