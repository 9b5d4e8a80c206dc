/**
 * The aliases of the published gateway (semantics, section 14; contract decisions 29, 47), resolved before routing:
 * `/api/x` is `/api/v1/x`; `/api/v1/platform/x` is `/v1/platform/x`; `/api/v1/auth/x` is `/auth/x`.
 * The query stays as it is.
 */
export function canonicalPath(url: string): string {
  const versioned = url.replace(/^\/api\/(?!v1(?:[/?]|$))/, '/api/v1/');
  return versioned.replace(/^\/api\/v1\/platform\//, '/v1/platform/').replace(/^\/api\/v1\/auth\//, '/auth/');
}
