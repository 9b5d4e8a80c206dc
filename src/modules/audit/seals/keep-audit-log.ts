import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { logFailure } from '../../../common/errors/log-failure.js';
import { whenServing } from '../../../common/http/when-serving.js';
import { Config } from '../../../config/config.js';
import { RemoveOldEntries } from './remove-old-entries.js';
import { SealEntries } from './seal-entries.js';

/**
 * Seals the audit log and removes what is too old, for as long as the server listens: the operator's commands start
 * the application too, but do not keep its log. After a pause of any length it catches up.
 */
@Injectable()
export class KeepAuditLog implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(KeepAuditLog.name);
  private readonly stop = new AbortController();
  private keeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly seal: SealEntries,
    private readonly remove: RemoveOldEntries,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    whenServing(this.adapter, () => {
      this.keeping = this.keep();
    });
  }

  /** The round under way ends first. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.keeping;
  }

  private async keep(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      await pause(this.config.audit.sealSeconds * 1000, undefined, { signal, ref: false }).catch(
        () => undefined,
      );
      await this.catchUp(signal).catch((error: unknown) => {
        if (!signal.aborted)
          logFailure(this.log, 'the audit log could not be kept, and will be tried again', error);
      });
    }
  }

  private async catchUp(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && (await this.seal.round(stop)));
    while (!stop.aborted && (await this.remove.round()));
  }
}
