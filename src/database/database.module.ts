import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobQueue } from './job-queue.js';
import { RateLimiter } from './rate-limiter.js';
import { Sql } from './sql.js';
import { Transaction } from './transaction.js';

/** Owns the connection pool and how it is used; knows no table but its own rate windows. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobQueue,
  ) {}

  /** `dataSource` is initialized and migrated; it is closed with the application. */
  static forRoot(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: DataSource, useValue: dataSource }, Transaction, Sql, RateLimiter, JobQueue],
      exports: [DataSource, Transaction, Sql, RateLimiter, JobQueue],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.jobs.stopped();
    await this.dataSource.destroy();
  }
}
