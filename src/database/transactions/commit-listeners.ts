import { Injectable } from '@nestjs/common';

/**
 * What has to happen after the commit of a change that only a trigger sees. The trigger sends a message with `raise info`, which
 * reaches the client whatever `client_min_messages` says.
 */
@Injectable()
export class CommitListeners {
  private readonly listeners = new Map<string, () => Promise<void>>();

  /**
   * The statement or transaction that has sent the message returns to its caller when `listener` has resolved. That runs after the
   * commit, without a connection, a place of the semaphore or a lock, and does not reject.
   */
  on(message: string, listener: () => Promise<void>): void {
    this.listeners.set(message, listener);
  }

  async notify(messages: ReadonlySet<string>): Promise<void> {
    for (const message of messages) await this.listeners.get(message)?.();
  }
}
