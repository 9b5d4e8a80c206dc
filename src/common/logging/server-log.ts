import { type Logger, pino } from 'pino';
import { errorTrace } from '../errors/log-failure.js';
import { LogOutput } from './log-output.js';
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
