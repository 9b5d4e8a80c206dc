/**
 * Resolves the aliases of the published gateway before routing (docs/contract/http.md#routes-and-aliases), and repeated
 * slashes after the base URL of SCIM. The query is unchanged.
 */
export function canonicalPath(url: string): string {
  return url
    .replace(/^\/api\/redoc(?=[/?]|$)/, '/docs')
    .replace(/^\/api\/(?=(?:docs|openapi\.json)(?:[/?]|$))/, '/')
    .replace(/^(?=\/(?:info|me|settings|workspaces)(?:[/?]|$)|\/oauth\/)/, '/api/v1')
    .replace(/^\/api\/(?!v1(?:[/?]|$))/, '/api/v1/')
    .replace(/^\/api\/v1\/platform\//, '/v1/platform/')
    .replace(/^\/api\/v1\/auth(?=[/?]|$)/, '/auth')
    .replace(/^\/scim\/v2\/{2,}/, '/scim/v2/');
}
