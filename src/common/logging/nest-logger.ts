import type { LoggerService } from '@nestjs/common';
import { currentTrace } from '../tracing/trace-context.js';
import type { LogLevel, ServerLog } from './server-log.js';

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
