/**
 * Resolves the aliases of the published gateway before routing (docs/contract/http.md#routes-and-aliases): `/api/x` is
 * `/api/v1/x`; `/api/v1/platform/x` is `/v1/platform/x`; `/api/v1/auth/x` is `/auth/x`. The query is unchanged.
 */
export function canonicalPath(url: string): string {
  const versioned = url.replace(/^\/api\/(?!v1(?:[/?]|$))/, '/api/v1/');
  return versioned.replace(/^\/api\/v1\/platform\//, '/v1/platform/').replace(/^\/api\/v1\/auth\//, '/auth/');
}
