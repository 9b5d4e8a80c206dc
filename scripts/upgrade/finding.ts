/** A change of the schema that servers of the previous release may not work with. */
export type Finding = {
  /** By which a migration declares it as an exception, such as `drop column users.nickname`. */
  readonly change: string;
  /** What goes wrong in the previous release, as the end of a sentence about the change. */
  readonly reason: string;
};

export const REASONS = {
  removed: 'the previous release reads or writes it',
  retyped:
    'the previous release reads and writes the old type, and the table is rewritten under an exclusive lock',
  required: 'the previous release may insert rows without a value',
  refused: 'the previous release may write rows that it refuses',
  locked: 'writes to this table wait until the index is built, and it has no bound',
  opaque: 'what it does cannot be checked',
} as const;

/** Tables whose rows grow with every request; the others are bounded by people, keys and workspaces. */
export const UNBOUNDED_TABLES: ReadonlySet<string> = new Set(['audit_entries']);
