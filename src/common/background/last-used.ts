import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Rounds } from './rounds.js';

const FLUSH_EVERY_MS = 5000;

/**
 * Notes which credentials were used and writes that down now and then in one statement, so that recognising one writes
 * nothing. After a crash the last seconds are missing from `last_used_at`.
 */
@Injectable()
export abstract class LastUsed implements OnModuleInit, BeforeApplicationShutdown {
  private readonly ids = new Set<string>();
  private readonly rounds = new Rounds('note when credentials were last used', () => this.flush());

  protected abstract markUsed(ids: readonly string[]): Promise<void>;

  onModuleInit(): void {
    this.rounds.start(FLUSH_EVERY_MS);
  }

  /** Before the database is closed, which happens on shutdown itself. */
  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  note(id: string): void {
    this.ids.add(id);
  }

  private async flush(): Promise<void> {
    if (this.ids.size === 0) return;
    const ids = [...this.ids];
    this.ids.clear();
    await this.markUsed(ids);
  }
}
