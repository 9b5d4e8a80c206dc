import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { errorTrace } from '../errors/log-failure.js';
import { currentTrace } from '../tracing/trace-context.js';
import { formatForTerminal } from './terminal-format.js';

export type ServerLog = Logger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** To stdout: one JSON object per line, or on a terminal text for people (docs/operations.md#logs). */
export const createServerLog = (level: LogLevel): ServerLog => createLog(level, standardOutput());

/** Of a command of the operator, whose output is on stdout. Warnings belong in the log of the server. */
export const createErrorLog = (): ServerLog => createLog('error', outputTo(process.stderr));

/** Where a log writes its lines. */
export const outputOf = (log: ServerLog): LogOutput =>
  (log as unknown as Record<symbol, LogOutput>)[pino.symbols.streamSym] as LogOutput;

const createLog = (level: LogLevel, output: LogOutput): ServerLog =>
  pino(
    {
      level,
      base: null, // neither process id nor host name: what collects the lines adds its own names
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // For lines of Fastify, whose own serializers would write addresses with their queries, and errors with all fields.
      serializers: { req: () => undefined, res: () => undefined, err: errorTrace },
    },
    output,
  );

let standard: LogOutput | null = null;

/** One per process, however many logs write to it. */
function standardOutput(): LogOutput {
  if (standard) return standard;
  standard = outputTo(process.stdout);
  process.on('exit', standard.flush);
  return standard;
}

const outputTo = (stream: NodeJS.WriteStream): LogOutput =>
  new LogOutput(stream, stream.isTTY ? formatForTerminal : undefined);

/**
 * Drops log lines that cannot be written (disk full, pipe closed): without a listener, the stream's error would end the
 * process. Later lines are still attempted, so that logging resumes as soon as possible.
 */
export function surviveLogFailures(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

const WARN = 40; // pino's number
/** Asks pino to set `lastLevel` before each `write`. */
const NEEDS_LEVEL: unique symbol = Symbol.for('pino.metadata');

/** How long a line of a request waits for others, since a write takes as long as making the line. */
const BATCH_MS = 10;
/** In characters; about what a pipe takes at once. */
const MAX_PENDING = 65_536;

/**
 * A destination of pino: collects lines and writes them together, those of pino at the end of a turn of the event loop. A
 * warning or an error is written at once with the lines before it, so that a crash in the same turn does not lose it.
 */
export class LogOutput {
  readonly [NEEDS_LEVEL] = true;
  lastLevel = 0;
  private pending = '';
  private isBatchOpen = false;

  constructor(
    private readonly destination: { write(text: string): unknown },
    private readonly format: (line: string) => string = (line) => line,
  ) {}

  write(line: string): void {
    this.pending += this.format(line);
    if (this.lastLevel >= WARN) this.flush();
    else setImmediate(this.flush);
  }

  /** For the line of a request, which pino has not made: it is written within 10 ms. */
  append(line: string): void {
    this.pending += this.format(line);
    if (this.pending.length >= MAX_PENDING) this.flush();
    if (this.isBatchOpen) return;
    this.isBatchOpen = true;
    setTimeout(this.endBatch, BATCH_MS);
  }

  /** Call it before the process exits. */
  readonly flush = (): void => {
    if (this.pending === '') return;
    const text = this.pending;
    this.pending = '';
    this.destination.write(text);
  };

  private readonly endBatch = (): void => {
    this.isBatchOpen = false;
    this.flush();
  };
}

/** Classes of Nest that write a line for each module and route at the start. */
const STARTUP_CONTEXTS = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Writes what is logged with Nest's `Logger`, with the id of the request in which it is logged. */
export class NestLogger implements LoggerService {
  constructor(private readonly into: ServerLog) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(STARTUP_CONTEXTS.has(contextOf(rest) ?? '') ? 'debug' : 'info', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest calls it with the message, a stack or undefined, and the context. */
  error(message: unknown, ...rest: unknown[]): void {
    const [stack] = rest.length > 1 ? rest : [];
    this.write('error', message, rest, typeof stack === 'string' ? { stack } : {});
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(level: LogLevel, message: unknown, rest: readonly unknown[], fields: object = {}): void {
    const trace = currentTrace();
    const context = contextOf(rest);
    this.into[level]({ ...(trace && { trace_id: trace.traceId }), context, ...fields }, String(message));
  }
}

const contextOf = (rest: readonly unknown[]): string | undefined => {
  const context = rest.at(-1);
  return typeof context === 'string' ? context : undefined;
};
