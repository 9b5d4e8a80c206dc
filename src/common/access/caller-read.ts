/** The caller in the statement that recognizes them, which has the session or key `c` and the organization `o`. */
export type CallerSql = {
  readonly kind: 'session' | 'personal-access-token' | 'service-key';
  /** SQL of the organization that the request names, null if it names none. */
  readonly orgId: string;
  /** SQL of the workspaces of a service key, null for all of the organization. */
  readonly keyWorkspaceIds: string;
};

/** What was read with the caller. It is shared between requests while it is cached, so it must not be modified. */
export type LoadedWithCaller = {
  readonly value: unknown;
  /** Organizations of which it tells, besides that of the request. */
  readonly orgIds: readonly string[];
  /** When it is no longer true although nothing changes; in seconds since the Unix epoch, by the database's clock. */
  readonly endsAt: number | null;
};

/**
 * What a route reads with the statement that recognizes its caller (docs/decisions/0125). It is cached with the caller, so
 * it follows only from the caller and from columns whose changes are in the log of access changes.
 */
export type CallerRead<Value = unknown> = {
  /** A part of the names of statements. */
  readonly name: string;
  /** SQL of `LoadedWithCaller` as JSON, or of null if the value has to be read in another way. */
  readonly sql: (caller: CallerSql) => string;
  readonly parse: (json: unknown) => Value;
};
