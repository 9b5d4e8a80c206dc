/** Another server runs on the same cluster; two servers of one installation need a shared PostgreSQL (DATABASE_URL). */
export class ClusterInUse extends Error {
  readonly code = 'cluster_in_use';

  /** @param processId of the other server; null if it ended in the meantime */
  constructor(directory: string, processId: number | null) {
    super(
      `the embedded database in ${directory} is in use by another server (process ${processId ?? 'unknown'}). ` +
        'Stop that server, or set DATA_DIR to another directory.',
    );
  }
}

/** The embedded PostgreSQL ends again and again, and is not restarted any more. */
export class EmbeddedPostgresFailed extends Error {
  readonly code = 'embedded_postgres_failed';

  constructor(directory: string, restarts: number, lastLines: string) {
    super(
      `the embedded PostgreSQL in ${directory} ended again after ${restarts} restarts within 10 minutes. ` +
        `The last lines of its log:\n${lastLines}`,
    );
  }
}
