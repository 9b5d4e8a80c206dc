import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { unlessAborted } from '../../common/background/lifecycle.js';
import { LimitedLog } from '../../common/logging/limited-log.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { JobQueue } from '../../database/jobs/job-queue.js';
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
  private readonly databaseGauges: ReturnType<typeof createDatabaseGauges>;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly metrics: Metrics,
    private readonly processGauges: ProcessGauges,
    private readonly jobs: JobQueue,
    private readonly seals: AuditSealsRepository,
    private readonly horizon: Horizon,
  ) {
    if (ofProcess.getMetricsAsArray().length === 0) collectDefaultMetrics({ register: ofProcess });
    this.databaseGauges = createDatabaseGauges(metrics.registry);
  }

  /** In the text format of Prometheus. While the database does not respond, what is read from it is NaN. */
  async read(): Promise<string> {
    this.processGauges.update();
    try {
      await unlessAborted(AbortSignal.timeout(DATABASE_DEADLINE_MS), this.updateDatabaseGauges());
    } catch {
      for (const gauge of Object.values(this.databaseGauges)) gauge.set(NaN);
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

  private async updateDatabaseGauges(): Promise<void> {
    const { unsealed, unsealedAge, horizonAge, jobs, jobAge } = this.databaseGauges;
    const [lag, age, backlog] = await Promise.all([
      this.seals.getLag(),
      this.horizon.observeAge(),
      this.jobs.backlog(),
    ]);
    unsealed.set(lag.entries);
    unsealedAge.set(lag.oldestSeconds);
    horizonAge.set(age);
    jobs.set(backlog?.jobs ?? 0);
    jobAge.set(backlog?.oldestSeconds ?? 0);
  }
}

/** All replicas have the same. */
function createDatabaseGauges(registry: Registry) {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `tenantry_${name}`, help, registers: [registry] });
  return {
    unsealed: gauge(
      'audit_unsealed_entries',
      'Entries of the audit log that are not sealed yet, at most 10000',
    ),
    unsealedAge: gauge('audit_unsealed_age_seconds', 'Age of the oldest entry that is not sealed yet'),
    horizonAge: gauge(
      'events_horizon_age_seconds',
      'How long open transactions have held back events that are committed',
    ),
    jobs: gauge('jobs_waiting', 'Jobs of the queue that are due'),
    jobAge: gauge('jobs_oldest_age_seconds', 'How long the oldest job has been due'),
  };
}
