import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AddressThrottle } from './address-throttle.js';
import { ConnectionPool } from './connection-pool.js';
import { DatabaseClock } from './database-clock.js';
import { JobQueue } from './job-queue.js';
import { RateLimiter } from './rate-limiter.js';
import { ReadinessProbe } from './readiness-probe.js';
import { RemovalJob } from './removal.job.js';
import { Sql } from './sql.js';
import { Transaction } from './transaction.js';

const SHARED = [
  ConnectionPool,
  Transaction,
  Sql,
  DatabaseClock,
  RateLimiter,
  AddressThrottle,
  JobQueue,
  ReadinessProbe,
  RemovalJob,
];

/** Provides the connection pool and the services around it; the only table that it knows is `rate_windows`. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobQueue,
  ) {}

  /** @param dataSource initialized and migrated; closed together with the application */
  static forRoot(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: DataSource, useValue: dataSource }, ...SHARED],
      exports: [DataSource, ...SHARED],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.jobs.drained();
    await this.dataSource.destroy();
  }
}
