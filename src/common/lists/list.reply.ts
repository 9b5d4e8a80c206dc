import { Readable } from 'node:stream';
import { Logger, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { logFailure } from '../errors/log-failure.js';
import { type RowList, StreamedRows } from './streamed-rows.js';

export class Page<T> {
  constructor(
    readonly rows: readonly T[],
    readonly total: number,
  ) {}
}

/** The result of a handler that returns `[Row]` and returns a page of a longer list. */
export const page = <T>(rows: readonly T[], total: number) => new Page(rows, total);

/** The rows of a page, with its total in a header; clients expect both (docs/contract/http.md#lists). */
export function rowsOfPage({ rows, total }: Page<unknown>, reply: FastifyReply): readonly unknown[] {
  void reply.header('X-Pagination-Total', String(total));
  return rows;
}

const JSON_TYPE = 'application/json; charset=utf-8'; // as Fastify sends other responses
const LINES_TYPE = 'application/x-ndjson';
const CSV_TYPE = 'text/csv; charset=utf-8';
/** Read ahead of the client, so that for most lists the source ends while the client is still receiving. */
const READ_AHEAD_BYTES = 1024 * 1024;

const log = new Logger('StreamedList');

/**
 * The response of a handler that returns unpaged lists: a list, or an object with lists among its properties. An error
 * in streamed rows destroys the connection, so that no client takes a part of a list for the whole.
 */
export function listReply(response: object): object {
  const streamed = [response, ...Object.values(response)].find((value) => value instanceof StreamedRows);
  return streamed ? streamedReply(streamed, jsonOf(response), { type: JSON_TYPE }) : response;
}

/** The response of an export: newline-delimited JSON to be saved as a file. */
export const linesReply = (rows: RowList<unknown>, filename: string): StreamableFile =>
  fileReply(rows, { start: '', toText: toLines, type: LINES_TYPE, filename });

/** The response of an export as a table to be saved as a file, which begins with the rows `start`. */
export const csvReply = (start: readonly CsvRow[], rows: RowList<CsvRow>, filename: string): StreamableFile =>
  fileReply(rows, { start: CSV_START + toCsv(start), toText: toCsv, type: CSV_TYPE, filename });

type File<Row> = { start: string; toText: (rows: readonly Row[]) => string; type: string; filename: string };

function fileReply<Row>(rows: RowList<Row>, { start, toText, type, filename }: File<Row>): StreamableFile {
  const options = { type, disposition: `attachment; filename="${filename}"` };
  if (rows instanceof StreamedRows) return streamedReply(rows, textOf(start, rows.batches, toText), options);
  return new StreamableFile(Buffer.from(start + toText(rows as readonly Row[])), options);
}

const streams = new WeakSet<Readable>();

/** `text` is made of lists with the source of this one. */
function streamedReply(
  { source }: StreamedRows<unknown>,
  text: AsyncIterable<string>,
  options: { type: string; disposition?: string },
): StreamableFile {
  const stream = Readable.from(text, {
    objectMode: false,
    highWaterMark: READ_AHEAD_BYTES,
    signal: source.signal,
  });
  streams.add(stream.on('error', logEnd).once('close', () => source.close()));
  return new StreamableFile(stream, options);
}

/**
 * Resets the connection when a list ends before its last row: without chunked encoding (HTTP/1.0, which
 * proxies use) a connection that is closed normally ends the response as if it were complete.
 */
export function resetWhenCutOff(payload: Readable, { raw }: FastifyReply): void {
  if (streams.has(payload)) payload.on('error', () => raw.socket?.resetAndDestroy());
}

/** The stream wraps the reason of an aborted signal. */
function logEnd(error: Error): void {
  logFailure(log, 'a list ended before its last row', error.name === 'AbortError' ? error.cause : error);
}

/** The members of an object, of which some are streamed, or the rows of a list. */
async function* jsonOf(response: object): AsyncGenerator<string> {
  if (response instanceof StreamedRows) return yield* arrayOf(response.batches);
  let before = '{';
  for (const [name, value] of Object.entries(response)) {
    yield `${before}${JSON.stringify(name)}:`;
    if (value instanceof StreamedRows) yield* arrayOf(value.batches);
    else yield JSON.stringify(value);
    before = ',';
  }
  yield '}';
}

type Batches = AsyncIterable<readonly unknown[]>;

async function* arrayOf(batches: Batches): AsyncGenerator<string, void> {
  let before = '[';
  for await (const rows of batches) {
    yield before + rows.map((row) => JSON.stringify(row)).join(',');
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

async function* textOf<Row>(
  start: string,
  batches: AsyncIterable<readonly Row[]>,
  toText: (rows: readonly Row[]) => string,
): AsyncGenerator<string> {
  if (start) yield start;
  for await (const rows of batches) yield toText(rows);
}

const toLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

type CsvRow = readonly (string | null)[];

/** A byte order mark, without which spreadsheets do not read UTF-8. */
const CSV_START = '\uFEFF';

/** Lines as in RFC 4180, section 2; null is an empty cell. */
const toCsv = (rows: readonly CsvRow[]): string =>
  rows.map((row) => `${row.map((cell) => quoted(asText(cell ?? ''))).join(',')}\r\n`).join('');

/** Spreadsheets ignore what is before the sign, and read signs in full width. */
const FORMULA = /^(?:[\t\r]|[\s\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@＝＋－＠])/u;

/** What a spreadsheet would run as a formula is marked as a text. */
const asText = (value: string): string => (FORMULA.test(value) ? `'${value}` : value);

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
