import { Controller, Get, Header, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { Public } from '../../common/access/access-rule.decorator.js';
import { ApiExcludeController } from '../../common/http/swagger.decorator.js';

/** One however often the application is made: what is looked at for it, is looked at until the process ends. */
const ofProcess = new Registry();

/** What Prometheus reads: the process, and how many requests each route answered with which status. */
@Injectable()
export class Metrics implements OnModuleInit {
  private readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests by route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });

  constructor(private readonly adapter: HttpAdapterHost) {
    if (ofProcess.getMetricsAsArray().length === 0) collectDefaultMetrics({ register: ofProcess });
  }

  /** In Prometheus' text format. */
  read(): Promise<string> {
    return Registry.merge([ofProcess, this.registry]).metrics();
  }

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      this.requests.inc({
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
      });
      done();
    });
  }
}

@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read() {
    return this.metrics.read();
  }
}
