import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { LimitedLog } from '../../common/logging/limited-log.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { unlessAborted } from '../../common/background/lifecycle.js';
import { DatabaseGauges } from './database-gauges.js';
import { ProcessGauges } from './process-gauges.js';

const DATABASE_DEADLINE_MS = 1000;

/** One per process, however many applications it creates: default metrics can be collected only once. */
const ofProcess = new Registry();

/** Metrics for Prometheus (docs/metrics.md). */
@Injectable()
export class MetricsService implements OnModuleInit {
  private readonly log = new LimitedLog(new Logger(MetricsService.name));

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly metrics: Metrics,
    private readonly processGauges: ProcessGauges,
    private readonly databaseGauges: DatabaseGauges,
  ) {
    if (ofProcess.getMetricsAsArray().length === 0) collectDefaultMetrics({ register: ofProcess });
  }

  /** In the text format of Prometheus. While the database does not respond, what is read from it is NaN. */
  async read(): Promise<string> {
    this.processGauges.update();
    try {
      await unlessAborted(AbortSignal.timeout(DATABASE_DEADLINE_MS), this.databaseGauges.update());
    } catch {
      this.databaseGauges.clear();
      this.log.warn('the metrics of the database could not be read');
    }
    return Registry.merge([ofProcess, this.metrics.registry]).metrics();
  }

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      this.metrics.countRequest({
        method: request.method,
        route: request.route,
        status: reply.statusCode,
        seconds: reply.elapsedTime / 1000,
      });
      done();
    });
  }
}
