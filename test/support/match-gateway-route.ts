interface GatewayRoute {
  /** As API Gateway writes it: `GET /v1/{proxy+}`. */
  readonly key: string;
}

/**
 * The route that API Gateway chooses for a request: a full match before a greedy one
 * (developer guide, "Create routes for HTTP APIs").
 */
export function matchRoute<Route extends GatewayRoute>(
  routes: readonly Route[],
  method: string,
  path: string,
): Route | undefined {
  const full = routes.find(({ key }) => key === `${method} ${path}`);
  if (full !== undefined) return full;
  return routes.find(({ key }) => {
    const [routeMethod = '', routePath = ''] = key.split(' ');
    const greedy = /^(.*\/)\{proxy\+\}$/.exec(routePath)?.[1];
    return (
      greedy !== undefined &&
      (routeMethod === method || routeMethod === 'ANY') &&
      path.startsWith(greedy) &&
      path.length > greedy.length
    );
  });
}
