import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { traceOf } from '../../../common/errors/trace-of.js';
import { ApiKeysRepository } from './api-keys.repository.js';

const FLUSH_EVERY_MS = 5000;

/**
 * Notes which keys were used and writes that down now and then in one statement, so that recognising a key writes
 * nothing. After a crash the last seconds are missing from `last_used_at`.
 */
@Injectable()
export class LastUsed implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(LastUsed.name);
  private readonly keyIds = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly keys: ApiKeysRepository) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }

  /** Before the database is closed, which happens on shutdown itself. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  note(keyId: string): void {
    this.keyIds.add(keyId);
  }

  private async flush(): Promise<void> {
    if (this.keyIds.size === 0) return;
    const ids = [...this.keyIds];
    this.keyIds.clear();
    try {
      await this.keys.markUsed(ids);
    } catch (error) {
      this.log.error(`could not note when keys were last used\n${traceOf(error)}`);
    }
  }
}
