/**
 * The first segments of the server's own paths. A base path that begins with one of them is ambiguous in front of them.
 */
const OWN_SEGMENTS: ReadonlySet<string> = new Set(
  (
    'api v1 scim auth oauth oauth-callback sso signed-out info me settings workspaces docs openapi.json console ' +
    'health ok livez readyz startupz healthz metrics'
  ).split(' '),
);

/** The path of the public URL, without a slash at the end; empty at the root. */
export const basePathOf = (publicUrl: string | null): string =>
  publicUrl ? new URL(publicUrl).pathname.replace(/\/$/, '') : '';

/**
 * Removes the base path from a request target, which an ingress leaves there and another proxy has removed already. One
 * that could be a path of our own stays: then the proxy has to remove it (docs/contract/http.md#base-path).
 */
export function withoutBasePath(target: string, basePath: string): string {
  if (basePath === '' || !target.startsWith(basePath) || isAmbiguous(basePath)) return target;
  const rest = target.slice(basePath.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : target;
}

const isAmbiguous = (basePath: string): boolean => OWN_SEGMENTS.has(basePath.split('/', 2)[1] ?? '');
