/**
 * Tables whose rows a backup does not contain, with the reason. They are empty after a restore. The jobs of pg-boss are
 * in a schema of their own, which is not backed up either.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  access_cache_replicas: 'the servers that are running',
  access_changes: 'changes that running servers have yet to read',
  break_glass_passwords: 'access for some hours, which may have been ended since',
  idempotency_keys: 'responses of the last day, which may contain new keys and passwords in encrypted form',
  migrations: 'written by the migrations that a restore runs',
  rate_windows: 'counters of the last minutes',
  sessions: 'contain encrypted tokens of the identity provider, and may have been ended since',
};
