import type { Socket } from 'node:net';
import pg from 'pg';

/** PostgreSQL, or the network to it, said nothing for longer than a statement may take. */
class SilentDatabase extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(afterMs: number) {
    super(`no answer within ${afterMs / 1000} s`);
  }
}

/** `silenceMs`: how long a running statement may go without any answer before the connection is given up; 0: for ever. */
export type DatabaseClientConfig = pg.ClientConfig & { silenceMs?: number };

/**
 * A connection that always listens for its own errors. pg-pool and TypeORM listen only while it is theirs: when
 * PostgreSQL ends the backend in between (the answer to one query and the FATAL arrive in one packet), the event has no
 * listener and would end the process. The error is not lost: the next query on the connection is rejected.
 */
export class DatabaseClient extends pg.Client {
  private readonly silenceMs: number;

  constructor(config: DatabaseClientConfig = {}) {
    super(config);
    this.silenceMs = config.silenceMs ?? 0;
    this.on('error', () => undefined);
    this.once('connect', () => {
      this.limitSilence();
      this.stream.on('timeout', () => this.giveUpIfWaiting());
    });
  }

  /** For work that takes as long as it takes, until `limitSilence`. */
  allowSilence(): void {
    this.stream.setTimeout(0);
  }

  limitSilence(): void {
    this.stream.setTimeout(this.silenceMs);
  }

  /** Closes the connection at once, without a word to PostgreSQL; what runs on it is rejected. */
  destroy(): void {
    this.stream.destroy();
  }

  /** The socket's timer runs while nobody uses the connection, too. */
  private giveUpIfWaiting(): void {
    const isWaiting = !(this as unknown as { readyForQuery: boolean }).readyForQuery;
    if (isWaiting) this.stream.destroy(new SilentDatabase(this.silenceMs));
  }

  /** Not the same one before and after TLS is negotiated. */
  private get stream(): Socket {
    return (this as unknown as { connection: { stream: Socket } }).connection.stream;
  }
}
