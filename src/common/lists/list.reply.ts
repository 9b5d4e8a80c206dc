import { Logger, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { logFailure } from '../errors/log-failure.js';
import { PartsStream } from './parts-stream.js';
import { type RowList, StreamedRows } from './streamed-rows.js';

const JSON_TYPE = 'application/json; charset=utf-8'; // as Fastify sends other responses
const LINES_TYPE = 'application/x-ndjson';

const log = new Logger('StreamedList');

/**
 * The response of a handler that returns unpaged lists: a list, or an object with lists among its properties. Streamed
 * rows are written in parts, with the bytes that `JSON.stringify` gives for arrays. An error before the first byte is
 * thrown; a later one destroys the connection, so that no client takes a part of a list for the whole.
 */
export async function listReply(answer: object): Promise<object> {
  const streamed = [answer, ...Object.values(answer)].find((value) => value instanceof StreamedRows);
  return streamed === undefined ? answer : streamedReply(streamed, jsonParts(answer), { type: JSON_TYPE });
}

/** The response of an export: newline-delimited JSON to be saved as a file. */
export async function linesReply(rows: RowList<unknown>, filename: string): Promise<StreamableFile> {
  const options = { type: LINES_TYPE, disposition: `attachment; filename="${filename}"` };
  if (rows instanceof StreamedRows) return streamedReply(rows, linesParts(rows), options);
  return new StreamableFile(Buffer.from(linesOf(rows as readonly unknown[])), options);
}

/** `parts` are made of `rows` and of lists with the same source. */
async function streamedReply(
  { source }: StreamedRows<unknown>,
  parts: AsyncGenerator<string>,
  options: { type: string; disposition?: string },
): Promise<StreamableFile> {
  try {
    const first = await parts.next();
    const stream = new PartsStream(parts, { first, signal: source.signal, close: () => source.close() });
    return new StreamableFile(stream.on('error', logEnd), options);
  } catch (error) {
    source.close();
    throw error;
  }
}

type Done = (error: Error | null, payload: unknown) => void;

/**
 * An onSend hook. Resets the connection when a list ends before its last row: without chunked encoding (HTTP/1.0, which
 * proxies use) a connection that is closed normally ends the response as if it were complete.
 */
export function resetWhenCutOff(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: Done,
): void {
  if (payload instanceof PartsStream) payload.on('error', () => reply.raw.socket?.resetAndDestroy());
  done(null, payload);
}

/** The stream wraps the reason of an aborted signal. */
function logEnd(error: Error): void {
  logFailure(log, 'a list ended before its last row', error.name === 'AbortError' ? error.cause : error);
}

/** One part for each batch, and the end. */
async function* jsonParts(answer: object): AsyncGenerator<string> {
  if (answer instanceof StreamedRows) {
    const end = yield* arrayParts('', answer);
    return yield end;
  }
  let text = '{';
  for (const [name, value] of Object.entries(answer)) {
    text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:`;
    if (value instanceof StreamedRows) text = yield* arrayParts(text, value);
    else text += JSON.stringify(value);
  }
  yield `${text}}`;
}

async function* linesParts({ batches }: StreamedRows<unknown>): AsyncGenerator<string> {
  for await (const batch of batches) yield linesOf(batch);
}

const linesOf = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Yields the rows, the first ones after `before`; returns what follows them. */
async function* arrayParts(
  before: string,
  { batches }: StreamedRows<unknown>,
): AsyncGenerator<string, string> {
  let text = `${before}[`;
  for await (const batch of batches) {
    yield text + JSON.stringify(batch).slice(1, -1);
    text = ',';
  }
  return text === ',' ? ']' : `${text}]`;
}
