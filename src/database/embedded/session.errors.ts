/** The session cannot be opened yet; callers may wait and retry. */
export class ServerNotReady extends Error {
  /** @param isStarting true during crash recovery, which may take long */
  constructor(
    readonly isStarting: boolean,
    cause: unknown,
  ) {
    super(`PostgreSQL does not answer: ${String(cause)}`, { cause });
  }
}

/** Another process has the exclusive session; null if it ended before it could be named. */
export class SessionTaken extends Error {
  constructor(readonly processId: number | null) {
    super('another process has the exclusive session');
  }
}
