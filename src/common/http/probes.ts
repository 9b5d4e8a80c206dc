/** Asked every few seconds: their successes are logged at `debug`, and they are not traced. */
const PROBES = new Set([
  '/livez',
  '/health',
  '/healthz',
  '/startupz',
  '/readyz',
  '/ok',
  '/api/v1/ok',
  '/metrics',
]);

export const isProbe = (route: string): boolean => PROBES.has(route);
