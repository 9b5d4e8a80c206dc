import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Dispatcher } from '../../../common/background/periodic-task.js';
import { onListening, whileRenewing } from '../../../common/background/lifecycle.js';
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

const FOLLOW_EVERY_MS = 600_000;

/** Each process that listens looks for what is due, and sends what it claims; no receiver waits for another. */
@Injectable()
export class DispatcherJob implements BeforeApplicationShutdown {
  private readonly dispatchers: Dispatcher[] = [];

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly horizon: Horizon,
    private readonly cursors: LogCursorsRepository,
    private readonly receivers: ReceiversRepository,
  ) {}

  /** Call it while modules are initialized. */
  add<T extends Types>(sender: Sender<T>): void {
    const dispatcher = new ReceiverDispatcher(sender, this.horizon, this.cursors, this.receivers);
    this.dispatchers.push(dispatcher);
    onListening(this.adapter, () => dispatcher.listen());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.dispatchers.map((dispatcher) => dispatcher.stop()));
  }
}

class ReceiverDispatcher<T extends Types> extends Dispatcher {
  private claims = 0;
  private nextFollowing = 0;

  constructor(
    private readonly sender: Sender<T>,
    private readonly horizon: Horizon,
    private readonly cursors: LogCursorsRepository,
    private readonly receivers: ReceiversRepository,
  ) {
    super(new Logger(sender.log.context), { ...sender.log, stopWithinMs: sender.stopWithinMs });
  }

  protected async search(): Promise<void> {
    const { kind, mostClaims } = this.sender;
    if (!(await this.cursors.exist(kind.name))) return;
    const free = mostClaims - this.claims;
    if (free > 0) {
      const { horizon } = await this.horizon.observe();
      if (kind.skipsNothing) await this.follow(horizon);
      for (const claim of await this.cursors.claim(kind.name, horizon, free)) {
        this.claims += 1;
        const renew = () => this.cursors.renew(claim);
        this.send(
          claim,
          (receiver) => whileRenewing(renew, () => this.sender.send(receiver, claim)),
          () => (this.claims -= 1),
        );
      }
    }
    await this.sender.startMore?.((...work) => this.send(...work));
  }

  private async follow(horizon: EntryAt): Promise<void> {
    const now = performance.now();
    if (now < this.nextFollowing) return;
    this.nextFollowing = now + FOLLOW_EVERY_MS;
    await this.cursors.follow(this.sender.kind.name, horizon);
  }

  protected async bringForward(): Promise<void> {
    await this.receivers.bringForward(this.sender.kind);
    await this.sender.bringForward?.();
  }

  private send(...[{ orgId, id }, send, end]: Parameters<StartSending<T>>): void {
    const run = this.receivers
      .findSending(this.sender.kind, { orgId, id })
      .then((receiver) => receiver !== null && receiver.isEnabled && send(receiver));
    this.start(run, end);
  }
}
