import type { Route } from './route.ts';

export type FoundRoute =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'other-methods'; readonly methods: readonly string[] }
  | { readonly kind: 'none' };

const PARAMETER = /^\{(\w+)\}$/;

/** Finds the route of a request. A literal segment goes before a parameter. */
export function findRoute(routes: readonly Route[], method: string, path: string): FoundRoute {
  const matches = routes
    .map((route) => ({ route, params: match(route.path, path) }))
    .filter((found) => found.params !== undefined)
    .toSorted((a, b) => parameters(a.route.path) - parameters(b.route.path));
  const own = matches.find(({ route }) => route.method === method);
  if (own?.params !== undefined) return { kind: 'route', route: own.route, params: own.params };
  if (matches.length === 0) return { kind: 'none' };
  return { kind: 'other-methods', methods: [...new Set(matches.map(({ route }) => route.method))] };
}

function parameters(path: string): number {
  return path.split('/').filter((segment) => PARAMETER.test(segment)).length;
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = decoded(given[index] ?? '');
    const name = PARAMETER.exec(segment)?.[1];
    if (name === undefined ? value !== segment : value === '') return undefined;
    if (name !== undefined) params[name] = value;
  }
  return params;
}

/** Gateways differ in whether they decode the path; no value of ours holds a percent sign itself. */
function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
