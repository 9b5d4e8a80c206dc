import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InMemoryRateLimiter } from './rate-limits/in-memory-rate-limiter.js';
import { ConnectionPool } from './connection/connection-pool.js';
import { CommitListeners } from './transactions/commit-listeners.js';
import { DatabaseClock } from './transactions/database-clock.js';
import { LastUsedJob } from './jobs/last-used.job.js';
import { ListReader } from './lists/list-reader.js';
import { RateLimiter } from './rate-limits/rate-limiter.js';
import { ReadinessProbe } from './connection/readiness-probe.js';
import { PeriodicJob } from './jobs/periodic.job.js';
import { RemovalJob } from './jobs/removal.job.js';
import { Sql } from './transactions/sql.js';
import { Transaction } from './transactions/transaction.js';

const SHARED = [
  ConnectionPool,
  CommitListeners,
  Transaction,
  Sql,
  DatabaseClock,
  RateLimiter,
  InMemoryRateLimiter,
  PeriodicJob,
  LastUsedJob,
  ListReader,
  ReadinessProbe,
  RemovalJob,
];

/** Provides the connection pool and the services around it; the only table that it knows is `rate_windows`. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  /** @param dataSource initialized and migrated; closed together with the application */
  static forRoot(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: DataSource, useValue: dataSource }, ...SHARED],
      exports: [DataSource, ...SHARED],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}
