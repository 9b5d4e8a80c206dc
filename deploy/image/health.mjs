/** HEALTHCHECK of the image: exits with 0 if the server is alive. Readiness is for load balancers (docs/operations.md). */
const { HOST = '', PORT } = process.env;
const host = /^(0\.0\.0\.0|::)?$/.test(HOST) ? '127.0.0.1' : HOST;
const origin = `http://${host.includes(':') ? `[${host}]` : host}:${PORT || 1984}`;
const response = await fetch(`${origin}/livez`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
process.exitCode = response?.ok ? 0 : 1;
