/** The rows of an unpaged list: an array if it is short, otherwise `StreamedRows`. */
export interface RowList<Row> {
  filter(isKept: (row: Row) => boolean): RowList<Row>;
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

  filter(isKept: (row: Row) => boolean): StreamedRows<Row> {
    return new StreamedRows(this.source, filterBatches(this.batches, isKept));
  }

  map<Mapped>(toMapped: (row: Row) => Mapped): StreamedRows<Mapped> {
    return new StreamedRows(
      this.source,
      mapBatches(this.batches, (rows) => rows.map((row) => toMapped(row))),
    );
  }
}

/** Maps the rows of each batch together, for look-ups of many rows at once. */
export async function mapTogether<Row, Mapped>(
  list: RowList<Row>,
  toMapped: (rows: readonly Row[]) => Promise<readonly Mapped[]>,
): Promise<RowList<Mapped>> {
  if (!(list instanceof StreamedRows)) return [...(await toMapped(list as Row[]))];
  const { source, batches } = list as StreamedRows<Row>;
  return new StreamedRows(source, mapBatches(batches, toMapped));
}

/** Lists of one response, one after the other: either all of them are streamed or none. */
export function concatLists<Row>(lists: readonly RowList<Row>[]): RowList<Row> {
  const streamed = lists.filter((list): list is StreamedRows<Row> => list instanceof StreamedRows);
  const [first] = streamed;
  return first ? new StreamedRows(first.source, concatBatches(streamed)) : (lists as Row[][]).flat();
}

/** Does what has to be done before the list is sent. If that fails, the list is closed. */
export async function closeOnFailure(list: RowList<unknown>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (list instanceof StreamedRows) list.source.close();
    throw error;
  }
}

async function* concatBatches<Row>(lists: readonly StreamedRows<Row>[]): AsyncGenerator<readonly Row[]> {
  for (const { batches } of lists) yield* batches;
}

/** Without empty batches. */
async function* filterBatches<Row>(
  batches: AsyncIterable<readonly Row[]>,
  isKept: (row: Row) => boolean,
): AsyncGenerator<readonly Row[]> {
  for await (const batch of batches) {
    const kept = batch.filter(isKept);
    if (kept.length > 0) yield kept;
  }
}

async function* mapBatches<Row, Mapped>(
  batches: AsyncIterable<readonly Row[]>,
  toMapped: (rows: readonly Row[]) => readonly Mapped[] | Promise<readonly Mapped[]>,
): AsyncGenerator<readonly Mapped[]> {
  for await (const batch of batches) yield toMapped(batch);
}
