import pg from 'pg';

/**
 * A connection that always listens for its own errors. pg-pool and TypeORM listen only while it is theirs: when
 * PostgreSQL ends the backend in between (the answer to one query and the FATAL arrive in one packet), the event has no
 * listener and would end the process. The error is not lost: the next query on the connection is rejected.
 */
export class DatabaseClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
