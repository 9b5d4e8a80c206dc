import { Controller, Get, Header, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../common/access/access.decorator.js';
import { ApiExcludeController } from '../../common/http/operations/swagger.decorator.js';
import { MetricsNotServed } from './errors.js';
import { InstanceService } from './instance.service.js';
import { MetricsListener } from './metrics-listener.js';
import { MetricsService } from './metrics.service.js';

/** Probes for orchestrators and load balancers, and metrics (docs/contract/http.md#probes-and-metrics). */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly instance: InstanceService,
    private readonly metrics: MetricsService,
    private readonly listener: MetricsListener,
  ) {}

  /** Responds without a database: restarting the process would not repair the database. */
  @Get(['livez', 'health', 'healthz'])
  @Public()
  getLiveness() {
    return { status: 'ok' };
  }

  /** Migrations and bootstrap have ended: the server does not listen before. */
  @Get('startupz')
  @Public()
  getStartup() {
    return { status: 'ok' };
  }

  @Get(['readyz', 'ok'])
  @Public()
  async getReadiness() {
    await this.instance.assertReady();
    return { ok: true };
  }

  /** @throws MetricsNotServed on a port that does not serve the metrics */
  @Get('metrics')
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  getMetrics(@Req() { raw }: FastifyRequest) {
    if (!this.listener.mayReadMetrics(raw)) throw new MetricsNotServed();
    return this.metrics.read();
  }
}
