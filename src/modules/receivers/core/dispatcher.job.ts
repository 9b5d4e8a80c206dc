import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { whileRenewing } from '../../../common/background/lease.js';
import { onListening } from '../../../common/background/lifecycle.js';
import { BRING_FORWARD_MS, PeriodicTask } from '../../../common/background/periodic-task.js';
import { logFailure } from '../../../common/errors/log-failure.js';
import { type EntryAt, Horizon } from '../../events/index.js';
import { type LogClaim, LogCursorsRepository } from './log-cursors.repository.js';
import type { Receiver } from './entities.js';
import type { ReceiverKind, Types } from './receiver-kind.statements.js';
import { ReceiversRepository, type SendingReceiver } from './receivers.repository.js';

/** `send`: true: more can be sent at once. Nothing is sent to a receiver that was disabled or deleted since. */
export type StartSending<T extends Types> = (
  receiver: Pick<Receiver, 'id' | 'orgId'>,
  send: (receiver: SendingReceiver<T>) => Promise<boolean>,
  end: () => void,
) => void;

/** Sends to receivers of one kind. */
export type Sender<T extends Types = Types> = {
  readonly kind: ReceiverKind<T>;
  /** `search` and `work` complete "could not ..." in the log. */
  readonly log: { readonly context: string; readonly search: string; readonly work: string };
  /** To so many receivers this process sends at a time. The others are next, or other processes send to them. */
  readonly mostClaims: number;
  readonly stopWithinMs: number;
  /** Sends what follows the cursor. If it fails, the claim ends by itself. True: more can be sent at once. */
  send(receiver: SendingReceiver<T>, claim: LogClaim): Promise<boolean>;
  /** Starts to send what else is due. */
  startMore?(start: StartSending<T>): Promise<void>;
  /** Makes that due, as cursors are when the clock was set back. */
  bringForward?(): Promise<void>;
};

/** At the end of the log: what happens meanwhile is sent together, which costs the database less. */
export const COLLECTING_SECONDS = 0.4;
/** When no connection was free. */
export const BUSY_SECONDS = 2;

const INTERVAL_MS = 500;
const FOLLOW_EVERY_MS = 600_000;
/** Of a connection to the database, for the search: it takes longer with each receiver. */
const MOST_SHARE = 0.1;

/**
 * Sends to all receivers. Each process that listens looks for what is due, and does as much as it claims; no receiver
 * waits for another.
 */
@Injectable()
export class DispatcherJob implements BeforeApplicationShutdown {
  private readonly dispatchers: Pick<Dispatcher<Types>, 'stop'>[] = [];

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly horizon: Horizon,
    private readonly cursors: LogCursorsRepository,
    private readonly receivers: ReceiversRepository,
  ) {}

  /** Call it while modules are initialized. */
  add<T extends Types>(sender: Sender<T>): void {
    const dispatcher = new Dispatcher(sender, this.horizon, this.cursors, this.receivers);
    this.dispatchers.push(dispatcher);
    onListening(this.adapter, () => dispatcher.listen());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.dispatchers.map((dispatcher) => dispatcher.stop()));
  }
}

class Dispatcher<T extends Types> {
  private readonly log: Logger;
  private readonly task: PeriodicTask;
  private readonly forward: PeriodicTask;
  private readonly running = new Set<Promise<unknown>>();
  private claims = 0;
  private nextFollowing = 0;
  private isStopping = false;

  constructor(
    private readonly sender: Sender<T>,
    private readonly horizon: Horizon,
    private readonly cursors: LogCursorsRepository,
    private readonly receivers: ReceiversRepository,
  ) {
    const taskOf = (work: () => Promise<void>) => {
      const unlessStopping = () => (this.isStopping ? Promise.resolve() : work());
      return new PeriodicTask(sender.log.search, unlessStopping, { mostShare: MOST_SHARE });
    };
    this.log = new Logger(sender.log.context);
    this.task = taskOf(() => this.search());
    this.forward = taskOf(() => this.bringForward());
  }

  listen(): void {
    this.task.start(INTERVAL_MS);
    this.forward.start(BRING_FORWARD_MS);
  }

  /** Waits for requests that have begun, but not for slow receivers: what they get is sent again by another process. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all([this.task.stop(), this.forward.stop()]);
    await Promise.race([Promise.all(this.running), pause(this.sender.stopWithinMs, null, { ref: false })]);
  }

  private async search(): Promise<void> {
    const { kind, mostClaims } = this.sender;
    if (!(await this.cursors.exist(kind.name))) return;
    const free = mostClaims - this.claims;
    if (free > 0) {
      const { horizon } = await this.horizon.observe();
      if (kind.skipsNothing) await this.follow(horizon);
      for (const claim of await this.cursors.claim(kind.name, horizon, free)) {
        this.claims += 1;
        const renew = () => this.cursors.renew(claim);
        this.start(
          claim,
          (receiver) => whileRenewing(renew, () => this.sender.send(receiver, claim)),
          () => (this.claims -= 1),
        );
      }
    }
    await this.sender.startMore?.((...work) => this.start(...work));
  }

  private async follow(horizon: EntryAt): Promise<void> {
    const now = performance.now();
    if (now < this.nextFollowing) return;
    this.nextFollowing = now + FOLLOW_EVERY_MS;
    await this.cursors.follow(this.sender.kind.name, horizon);
  }

  private async bringForward(): Promise<void> {
    await this.receivers.bringForward(this.sender.kind);
    await this.sender.bringForward?.();
  }

  /** Searches again at once if the work says so. */
  private start(...[{ orgId, id }, send, end]: Parameters<StartSending<T>>): void {
    const run = this.receivers
      .findSending(this.sender.kind, { orgId, id })
      .then((receiver) => receiver !== null && receiver.isEnabled && send(receiver))
      .catch((error: unknown) => {
        if (!this.isStopping) logFailure(this.log, `could not ${this.sender.log.work}`, error);
        return false;
      })
      .finally(() => {
        this.running.delete(run);
        end();
      })
      .then((searchAgain) => searchAgain && !this.isStopping && this.task.trigger());
    this.running.add(run);
  }
}
