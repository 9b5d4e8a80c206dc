import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RemovalJob } from '../../database/jobs/removal.job.js';
import { Sql } from '../../database/transactions/sql.js';
import { REMOVE_LOST_REPLICAS, REMOVE_OLD_CHANGES, TAKE_SNAPSHOT } from './change-log.statements.js';

type Taken = { readonly snapshot: string; readonly takenAt: Date };

/** Removes access changes that all replicas have read, and replicas that have crashed. */
@Injectable()
export class RemoveOldChangesJob implements OnModuleInit {
  private previous: Taken | null = null;

  constructor(
    private readonly removal: RemovalJob,
    private readonly sql: Sql,
  ) {}

  onModuleInit(): void {
    this.removal.add('old access changes', () => this.removeBatch());
  }

  private async removeBatch(): Promise<boolean> {
    const { previous } = this;
    const values = [previous?.takenAt ?? null];
    const { isDue, ...taken } = await this.sql.one<Taken & { isDue: boolean }>(TAKE_SNAPSHOT, values);
    if (isDue && previous) await this.sql.affected(REMOVE_OLD_CHANGES, [previous.snapshot]);
    if (isDue) this.previous = taken;
    await this.sql.affected(REMOVE_LOST_REPLICAS, []);
    return false;
  }
}
