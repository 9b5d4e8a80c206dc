/**
 * The format of a backup file (docs/backups.md#the-format-of-a-backup), inside of gzip: lines of JSON, and rows as
 * PostgreSQL's `COPY` writes them in text format.
 *
 *     Tenantry backup 1
 *     {"application":"0.1.0", …}                       BackupHeader
 *     {"table":"users","columns":["id", …]}            TableStart
 *     {"chunk":65536}                                  ChunkStart, followed by that many bytes of rows
 *     {"rows":1200,"bytes":65536,"sha256":"…"}         TableEnd
 *     …                                                all tables, in the order of the header
 *     {"sha256":"…"}                                   BackupEnd: the digest of all bytes before this line
 */
export const MAGIC = 'Tenantry backup ';
export const FORMAT_VERSION = '1';

/** A secret by its name in the environment; the value is a digest that cannot be reversed. */
export type Fingerprints = { readonly salt: string; readonly digests: Readonly<Record<string, string>> };

/** `value` is the last one if `isCalled`, else the next. Text, since it may exceed the integers of JSON. */
export type SequenceState = { readonly name: string; readonly value: string; readonly isCalled: boolean };

export type BackupHeader = {
  /** The version of Tenantry that wrote the file. */
  readonly application: string;
  readonly postgres: string;
  /** By the clock of the database. */
  readonly createdAt: string;
  /** The names of the migrations that made the schema, in their order. */
  readonly migrations: readonly string[];
  readonly tables: readonly string[];
  /** Tables whose rows are not in the file, with the reason. */
  readonly leftOut: Readonly<Record<string, string>>;
  readonly sequences: readonly SequenceState[];
  readonly secrets: Fingerprints;
};

export type TableStart = { readonly table: string; readonly columns: readonly string[] };
export type ChunkStart = { readonly chunk: number };
export type TableEnd = { readonly rows: number; readonly bytes: number; readonly sha256: string };
export type BackupEnd = { readonly sha256: string };

/** Bounds what a reader holds in memory. */
export const LONGEST_LINE = 1 << 20; // bytes
export const LARGEST_CHUNK = 1 << 20; // bytes
