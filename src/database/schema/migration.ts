import type { DataSource, MigrationInterface } from 'typeorm';

/** By name, from `on` on. */
export type ConcurrentIndexes = Readonly<Record<string, string | { readonly unique: string }>>;

/** A file in `migrations/`. Applied in one transaction, but for `concurrentIndexes`. */
export interface Migration extends MigrationInterface {
  readonly name: string;
  /**
   * True if servers whose version does not have this migration cannot work with the schema: they refuse to start then.
   * Absent: they can, as during a rolling restart.
   */
  readonly breaksOlderVersions?: boolean;
  /** Why `down` cannot restore what there was before; `migrate:down` refuses with this sentence. Absent: it can. */
  readonly irreversible?: string;
  /**
   * Indexes that are built before the transaction of `up`, while the table is written to, by name. `up` creates them
   * `if not exists`.
   */
  readonly concurrentIndexes?: ConcurrentIndexes;
  /**
   * The changes, in the words of `npm run check:migrations`, that remove or forbid something, and why servers of the
   * previous release work with them: nothing uses it since a commit or tag, or another reason.
   */
  readonly contract?: Readonly<Record<string, { unusedSince: string } | { harmlessBecause: string }>>;
}

/** The 13 digits at the end of its name. */
export const timestampOf = ({ name }: { name: string }): number => Number(name.slice(-13));

/** Those of the data source, oldest first. */
export const migrationsOf = ({ migrations }: DataSource): Migration[] =>
  (migrations as Migration[]).toSorted((a, b) => timestampOf(a) - timestampOf(b));

/** The first of these names that no migration of the data source has: it is of a newer version. */
export function findUnknownMigration(
  { migrations }: DataSource,
  names: readonly string[],
): string | undefined {
  const known = new Set(migrations.map(({ name }) => name));
  return names.find((name) => !known.has(name));
}
