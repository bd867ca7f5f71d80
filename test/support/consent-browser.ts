/** What a browser shows in the end. */
interface ShownPage {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
  /** Every address that it was sent to on the way. */
  readonly way: readonly string[];
}

/** As much of a browser as a consent takes: it follows redirections and keeps cookies, for each host its own. */
export interface ConsentBrowser {
  /** @param stopAt ends at the first address that begins so, without going there */
  open(url: string, options?: { readonly stopAt?: string; readonly language?: string }): Promise<ShownPage>;
  /** `name=value` of a host. */
  cookies(url: string): string[];
}

const MOST_STEPS = 20;

export function openConsentBrowser(): ConsentBrowser {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string): Map<string, string> => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };
  const cookies = (url: string): string[] => [...jarOf(url)].map(([name, value]) => `${name}=${value}`);
  return {
    cookies,
    async open(url, { stopAt, language = 'en' } = {}) {
      const way: string[] = [];
      let next = url;
      for (let step = 0; step < MOST_STEPS; step += 1) {
        const response = await fetch(next, {
          redirect: 'manual',
          headers: { 'accept-language': language, cookie: cookies(next).join('; ') },
        });
        for (const cookie of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
          if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)) jarOf(next).delete(name);
          else jarOf(next).set(name, value);
        }
        const location = response.headers.get('location');
        const { status, headers } = response;
        if (location === null) return { status, url: next, headers, text: await response.text(), way };
        await response.body?.cancel();
        next = new URL(location, next).href;
        way.push(next);
        if (stopAt !== undefined && next.startsWith(stopAt)) {
          return { status, url: next, headers, text: '', way };
        }
      }
      throw new Error(`too many redirections: ${way.join(' ')}`);
    },
  };
}
