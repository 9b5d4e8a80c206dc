import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Counts, type NamedLimits } from '../../common/counts.js';
import { TooManyWaitingRequests } from './errors.js';
import { EventsReadModel } from './events.read-model.js';
import { Horizon } from './horizon.js';

const MOST = 200;
const MOST_PER_ORGANIZATION = MOST / 2;
const MOST_PER_CREDENTIAL = 2;
const INTERVAL_MS = 100;

type Waiting = { readonly orgId: string; readonly wake: (isNew: boolean) => void };

/**
 * Requests that wait for events. One loop observes the horizon for all of them, and wakes those of organizations with new
 * entries; meanwhile they hold no connection to the database.
 */
@Injectable()
export class WaitingRequests implements BeforeApplicationShutdown {
  private readonly admitted = new Counts();
  private readonly waiting = new Set<Waiting>();
  private loop: Promise<void> | null = null;
  /** The loop works for many requests, in the trace of none. */
  private readonly outsideOfRequests = AsyncLocalStorage.snapshot();
  /** Entries up to here have woken their organizations. */
  private seen = 0n;
  private resets = 0;
  private isStopping = false;

  constructor(
    private readonly horizon: Horizon,
    private readonly events: EventsReadModel,
  ) {}

  /** Counts the request while `work` runs. @throws TooManyWaitingRequests */
  async admit<T>({ orgId, credential }: OrgPrincipal, work: () => Promise<T>): Promise<T> {
    const limits: NamedLimits = [
      ['all', MOST],
      [orgId, MOST_PER_ORGANIZATION],
      [credential.id, MOST_PER_CREDENTIAL],
    ];
    if (!this.admitted.haveRoom(limits)) throw new TooManyWaitingRequests();
    this.admitted.add(limits, 1);
    try {
      return await work();
    } finally {
      this.admitted.add(limits, -1);
    }
  }

  /** Whether there may be entries after `position`; false when time is up, the client has left or the process ends. */
  async waitFor(
    orgId: string,
    position: bigint,
    { ms, clientLeft }: { ms: number; clientLeft: AbortSignal },
  ): Promise<boolean> {
    if (this.isStopping || clientLeft.aborted) return false;
    if (this.loop && position < this.seen) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const one = { orgId, wake: resolve };
    const giveUp = () => resolve(false);
    const timer = setTimeout(giveUp, ms);
    clientLeft.addEventListener('abort', giveUp);
    this.waiting.add(one);
    if (!this.loop) {
      const { latest } = this.horizon;
      this.seen = position < latest ? position : latest; // a cursor of another process may be ahead
      this.loop = this.outsideOfRequests(() => this.run());
    }
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      clientLeft.removeEventListener('abort', giveUp);
      this.waiting.delete(one);
    }
  }

  /** Ends all of them, so that their connections can be closed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    for (const { wake } of this.waiting) wake(false);
    await this.loop;
  }

  /** Without a response of the database, each request asks itself and fails. */
  private async run(): Promise<void> {
    while (this.waiting.size > 0) {
      await pause(INTERVAL_MS);
      const orgIds = await this.listOrgsWithNews().catch(() => null);
      for (const { orgId, wake } of this.waiting) if (orgIds?.has(orgId) ?? true) wake(true);
    }
    this.loop = null; // at once, for a request that comes next
  }

  /** Null: all have to look, since the database has gone back. */
  private async listOrgsWithNews(): Promise<ReadonlySet<string> | null> {
    const {
      horizon: { position },
      resets,
    } = await this.horizon.observe();
    const isReset = resets !== this.resets;
    this.resets = resets;
    if (!isReset && position <= this.seen) return new Set();
    const orgIds = isReset ? null : await this.events.listOrgsBetween(this.seen, position);
    this.seen = position;
    return orgIds;
  }
}
