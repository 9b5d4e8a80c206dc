import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { startTestApp } from '../support/test-app.js';

const PROBES = ['/livez', '/health', '/healthz', '/readyz', '/ok', '/startupz'];
const statusOf = async (url: string) => (await fetch(url)).status;
const statusesOf = (base: string, paths: readonly string[]) =>
  Promise.all(paths.map((path) => statusOf(`${base}${path}`)));

describe('with METRICS_PORT', () => {
  it('serves metrics and probes on that port, and nothing else', async () => {
    const port = await freePort();
    const t = await startTestApp({ METRICS_PORT: String(port) });
    const metricsUrl = `http://127.0.0.1:${port}`;
    try {
      const metrics = await fetch(`${metricsUrl}/metrics?format=text`);
      expect(metrics.status).toBe(200);
      expect(await metrics.text()).toContain('process_cpu_seconds_total');
      expect(await statusesOf(metricsUrl, PROBES)).toEqual(PROBES.map(() => 200));
      const others = ['/', '/api/v1/ok', '/api/v1/info', '/docs', '/metrics/', '//metrics', '/scim/v2/Users'];
      expect(await statusesOf(metricsUrl, others)).toEqual(others.map(() => 404));
    } finally {
      await t.close();
    }
  });

  it('returns 404 for metrics on the main port, although HOST is a loopback address', async () => {
    const t = await startTestApp({ METRICS_PORT: String(await freePort()) });
    try {
      const { status, headers } = await t.api.get('/metrics');
      expect([status, headers.get('x-error-code')]).toEqual([404, 'metrics_not_served']);
      expect(await statusesOf(t.url, PROBES)).toEqual(PROBES.map(() => 200));
    } finally {
      await t.close();
    }
  });

  it('closes the port when the server stops', async () => {
    const port = await freePort();
    const t = await startTestApp({ METRICS_PORT: String(port) });
    await t.close();

    await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow();
  });

  it('fails the start when the port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };

    await expect(startTestApp({ METRICS_PORT: String(port) })).rejects.toThrow(/^METRICS_PORT: .*EADDRINUSE/);
    taken.close();
  });
});

describe('without METRICS_PORT', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1'])(
    'returns 404 for metrics while HOST is %s, even to a local peer',
    async (host) => {
      const t = await startTestApp({ HOST: host }); // the test server itself listens on 127.0.0.1
      try {
        expect(await statusesOf(t.url, ['/metrics', '/livez'])).toEqual([404, 200]);
      } finally {
        await t.close();
      }
    },
  );

  it.each(['127.0.0.2', '::1', 'localhost'])(
    'serves metrics on the main port while HOST is %s',
    async (host) => {
      const t = await startTestApp({ HOST: host });
      try {
        expect(await statusOf(`${t.url}/metrics`)).toBe(200);
      } finally {
        await t.close();
      }
    },
  );
});
