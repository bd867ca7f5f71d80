import * as z from 'zod';
import { ATTEMPT_MS, openConsentLink } from '../../consent/open-link.ts';
import { receiveConsent } from '../../consent/receive-consent.ts';
import { attemptCookie, forgetAttemptCookie, readAttemptCookie } from '../consent-cookie.ts';
import { CONSENT_STATUSES, consentPage } from '../pages/consent-page.ts';
import { htmlPage } from '../pages/html-page.ts';
import { defineRoute } from '../route.ts';

const page = z.string().meta({ description: 'A page in the language of Accept-Language' });

/** What may be told besides success, by HTTP status. */
const REFUSED = [...new Set(Object.values(CONSENT_STATUSES))]
  .filter((status) => status >= 400)
  .toSorted((a, b) => a - b)
  .map((status) => ({ status, description: 'A page that says why nothing came of it and what to do' }));

export const openConsentRoute = defineRoute({
  method: 'GET',
  path: '/v1/consent/{link}',
  operationId: 'openConsentLink',
  summary: 'For users: from a link to the sign-in service of their mail provider',
  description:
    'Opened in a browser, by whoever has the link. May be opened again until consent was given; mail programs look at links before their readers do.',
  access: 'open',
  pages: true,
  params: z.strictObject({ link: z.string().regex(/^[\w-]{43}$/) }),
  answers: [{ status: 303, description: 'To the sign-in service' }, ...REFUSED],
  handle: async ({ params }, { services, http }) => {
    const { address, state, browserWord } = await openConsentLink(services, params.link);
    const secure = isSecure(services.environment.publicUrl ?? http.origin);
    return {
      status: 303,
      body: undefined,
      location: address,
      cookies: [attemptCookie(state, browserWord, { secure, maxAgeSeconds: ATTEMPT_MS / 1000 })],
    };
  },
});

export const receiveConsentRoute = defineRoute({
  method: 'GET',
  path: '/v1/consent/callback/{service}',
  operationId: 'receiveConsent',
  summary: 'For users: back from the sign-in service',
  description:
    'The redirect URI to be registered with the application, one for each sign-in service: `service` is the host of its token endpoint. Each answer is taken once, from the browser that opened the link.',
  access: 'open',
  pages: true,
  params: z.strictObject({ service: z.string().regex(/^[\w.:[\]-]{1,300}$/) }),
  query: z.object({ state: z.string().max(200).optional(), code: z.string().max(4096).optional() }),
  answers: [{ status: 200, description: 'A page that says that all is done' }, ...REFUSED],
  answer: page,
  handle: async ({ params }, { services, http, catalogue, language, signal }) => {
    const parameters = new URLSearchParams(http.rawQuery);
    const secure = isSecure(services.environment.publicUrl ?? http.origin);
    const { account } = await receiveConsent(
      services,
      {
        service: params.service,
        parameters,
        browserWordFor: (state) => readAttemptCookie(http.cookies, state, { secure }),
      },
      signal,
    );
    return {
      status: 200,
      body: htmlPage(consentPage('done', account, catalogue), language),
      cookies: [forgetAttemptCookie(parameters.get('state') ?? '', { secure })],
    };
  },
});

function isSecure(url: string): boolean {
  return url.startsWith('https:');
}
