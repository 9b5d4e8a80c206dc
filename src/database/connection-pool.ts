import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { poolOf } from './pool-of.js';

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
    const { options, totalCount, idleCount, waitingCount } = poolOf(this.dataSource);
    return { limit: options.max, inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }
}
