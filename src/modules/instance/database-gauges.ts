import { Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { Metrics } from '../../common/metrics/metrics.js';
import { JobQueue } from '../../database/jobs/job-queue.js';
import { AuditSealsRepository } from '../audit/index.js';

/** Gauges that are read from the database; all replicas have the same. */
@Injectable()
export class DatabaseGauges {
  private readonly gauges: ReturnType<typeof createGauges>;

  constructor(
    { registry }: Metrics,
    private readonly jobs: JobQueue,
    private readonly seals: AuditSealsRepository,
  ) {
    this.gauges = createGauges(registry);
  }

  async update(): Promise<void> {
    const [lag, backlog] = await Promise.all([this.seals.getLag(), this.jobs.backlog()]);
    this.gauges.unsealed.set(lag.entries);
    this.gauges.unsealedAge.set(lag.oldestSeconds);
    this.gauges.jobs.set(backlog?.jobs ?? 0);
    this.gauges.jobAge.set(backlog?.oldestSeconds ?? 0);
  }

  /** Unknown is not zero. */
  clear(): void {
    for (const gauge of Object.values(this.gauges)) gauge.set(NaN);
  }
}

function createGauges(registry: Registry) {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `tenantry_${name}`, help, registers: [registry] });
  return {
    unsealed: gauge(
      'audit_unsealed_entries',
      'Entries of the audit log that are not sealed yet, at most 10000',
    ),
    unsealedAge: gauge('audit_unsealed_age_seconds', 'Age of the oldest entry that is not sealed yet'),
    jobs: gauge('jobs_waiting', 'Jobs of the queue that are due'),
    jobAge: gauge('jobs_oldest_age_seconds', 'How long the oldest job has been due'),
  };
}
