/** The rows of an unpaged list: an array if it is short, otherwise `StreamedRows`. */
export interface RowList<Row> {
  map<Mapped>(toMapped: (row: Row) => Mapped): RowList<Mapped>;
}

type RowSource = {
  /** Aborted with the reason if the source ended before its last row. */
  readonly signal: AbortSignal;
  /** Ends it early; no effect after the last row. */
  readonly close: () => void;
};

/** A list whose rows arrive in batches while it is sent. They can be read once. */
export class StreamedRows<Row> implements RowList<Row> {
  constructor(
    readonly source: RowSource,
    readonly batches: AsyncIterable<readonly Row[]>,
  ) {}

  map<Mapped>(toMapped: (row: Row) => Mapped): StreamedRows<Mapped> {
    return new StreamedRows(this.source, mapBatches(this.batches, toMapped));
  }
}

async function* mapBatches<Row, Mapped>(
  batches: AsyncIterable<readonly Row[]>,
  toMapped: (row: Row) => Mapped,
): AsyncGenerator<readonly Mapped[]> {
  for await (const batch of batches) yield batch.map((row) => toMapped(row));
}
