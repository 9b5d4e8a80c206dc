import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { PeriodicJob } from '../../../database/jobs/periodic.job.js';
import { RemoveOldEntries } from './remove-old-entries.js';
import { SealEntries } from './seal-entries.js';

/** Only while the server listens, not for the commands of the operator. After a pause it catches up. */
@Injectable()
export class AuditLogMaintenance implements OnModuleInit {
  constructor(
    private readonly periodic: PeriodicJob,
    private readonly sealEntries: SealEntries,
    private readonly removeOldEntries: RemoveOldEntries,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.periodic.add('maintain the audit log', this.config.audit.sealSeconds * 1000, (signal) =>
      this.catchUp(signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      }),
    );
  }

  private async catchUp(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && (await this.sealEntries.runBatch(stop)));
    while (!stop.aborted && (await this.sealEntries.countBatch()));
    while (!stop.aborted && (await this.removeOldEntries.runBatch()));
  }
}
