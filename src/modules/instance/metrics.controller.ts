import { Controller, Get, Header, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../common/access/access.decorator.js';
import { ApiExcludeController } from '../../common/http/operations/swagger.decorator.js';
import { MetricsNotServed } from './errors.js';
import { MetricsListener } from './metrics-listener.js';
import { MetricsService } from './metrics.service.js';

@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: MetricsService,
    private readonly listener: MetricsListener,
  ) {}

  /** @throws MetricsNotServed on a port that does not serve the metrics */
  @Get()
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read(@Req() { raw }: FastifyRequest) {
    if (!this.listener.mayReadMetrics(raw)) throw new MetricsNotServed();
    return this.metrics.read();
  }
}
