import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { unlessAborted } from '../../common/background/lifecycle.js';
import { LimitedLog } from '../../common/logging/limited-log.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { AuditSealsRepository } from '../audit/index.js';
import { Horizon } from '../events/index.js';
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
    private readonly seals: AuditSealsRepository,
    private readonly horizon: Horizon,
  ) {
    if (ofProcess.getMetricsAsArray().length === 0) collectDefaultMetrics({ register: ofProcess });
    metrics.addDatabaseGauges(GAUGES, () => this.readDatabaseGauges());
  }

  /** In the text format of Prometheus. While the database does not respond, what is read from it is NaN. */
  async read(): Promise<string> {
    this.processGauges.update();
    try {
      await unlessAborted(AbortSignal.timeout(DATABASE_DEADLINE_MS), this.metrics.readDatabaseGauges());
    } catch {
      this.metrics.forgetDatabaseGauges();
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

  private async readDatabaseGauges(): Promise<Record<keyof typeof GAUGES, number>> {
    const [lag, age] = await Promise.all([this.seals.getLag(), this.horizon.observeAge()]);
    return {
      audit_unsealed_entries: lag.entries,
      audit_unsealed_age_seconds: lag.oldestSeconds,
      events_horizon_age_seconds: age,
    };
  }
}

const GAUGES = {
  audit_unsealed_entries: 'Entries of the audit log that are not sealed yet, at most 10000',
  audit_unsealed_age_seconds: 'Age of the oldest entry that is not sealed yet',
  events_horizon_age_seconds: 'How long open transactions have held back events that are committed',
};
