import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';

/** The use of the pool at the moment. */
type PoolLoad = {
  readonly limit: number;
  readonly inUse: number;
  readonly idle: number;
  readonly waiting: number;
};

@Injectable()
export class ConnectionPool {
  constructor(private readonly dataSource: DataSource) {}

  /** `waiting`: callers that wait for a connection. */
  get load(): PoolLoad {
    const { options, totalCount, idleCount, waitingCount } = (
      this.dataSource.driver as unknown as { master: Pool & { options: { max: number } } }
    ).master;
    return { limit: options.max, inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }
}
