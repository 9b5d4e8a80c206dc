import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { logFailure } from '../../../common/errors/log-failure.js';
import { onListening } from '../../../common/background/lifecycle.js';
import { Config } from '../../../config/config.js';
import { RemoveOldEntries } from './remove-old-entries.js';
import { SealEntries } from './seal-entries.js';

/**
 * Seals the audit log and applies retention while the server listens; the operator's commands start the application
 * without it. After a pause it catches up.
 */
@Injectable()
export class AuditLogMaintenanceJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(AuditLogMaintenanceJob.name);
  private readonly abort = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly sealEntries: SealEntries,
    private readonly removeOldEntries: RemoveOldEntries,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    onListening(this.adapter, () => {
      this.loop = this.run();
    });
  }

  /** Waits for the running batch. */
  async beforeApplicationShutdown(): Promise<void> {
    this.abort.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      await pause(this.config.audit.sealSeconds * 1000, undefined, { signal, ref: false }).catch(
        () => undefined,
      );
      await this.catchUp(signal).catch((error: unknown) => {
        if (!signal.aborted) logFailure(this.log, 'audit log maintenance failed and will be retried', error);
      });
    }
  }

  private async catchUp(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && (await this.sealEntries.runBatch(stop)));
    while (!stop.aborted && (await this.removeOldEntries.runBatch()));
  }
}
