import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { onListening } from '../../common/background/lifecycle.js';
import { namingSetting } from '../../common/http/listen-errors.js';
import { isLoopback } from '../../common/http/network-addresses.js';
import { Config } from '../../config/config.js';

/** What `METRICS_PORT` serves; everything else is 404 there. */
const PATHS: ReadonlySet<string> = new Set([
  '/metrics',
  '/livez',
  '/health',
  '/healthz',
  '/readyz',
  '/ok',
  '/startupz',
]);

/**
 * Also probes, so that the public port can be closed to who asks for them (docs/contract/http.md#probes-and-metrics).
 */
@Injectable()
export class MetricsListener implements OnModuleInit, OnApplicationShutdown {
  private server: Server | null = null;
  private readonly requests = new WeakSet<IncomingMessage>();

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const { host, metricsPort } = this.config.server;
    if (metricsPort === null) return;
    const address = { host, port: metricsPort };
    onListening(this.adapter, () => namingSetting('METRICS_PORT', address, () => this.listen(address)));
  }

  /** After the main port has been closed, so that a shutdown can be watched. */
  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  /** Whether a request may read the metrics. The peer's address does not count: a proxy is a local peer. */
  mayReadMetrics(request: IncomingMessage): boolean {
    const { host, metricsPort } = this.config.server;
    return metricsPort === null ? isLoopback(host) : this.requests.has(request);
  }

  private async listen({ host, port }: { host: string; port: number }): Promise<void> {
    this.server = createServer((request, response) => this.route(request, response)).listen(port, host);
    await once(this.server, 'listening');
  }

  private route(request: IncomingMessage, response: ServerResponse): void {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (!PATHS.has(path)) return void response.writeHead(404).end();
    this.requests.add(request);
    this.adapter.httpAdapter.getInstance<FastifyInstance>().routing(request, response);
  }
}
