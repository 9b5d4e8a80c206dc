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
    const context = contextOf(rest);
    this.write(context !== undefined && STARTUP_CONTEXTS.has(context) ? 'debug' : 'info', message, {
      context,
    });
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, { context: contextOf(rest) });
  }

  /** Nest calls it with the message, a stack or undefined, and the context. */
  error(message: unknown, ...rest: unknown[]): void {
    const [stack] = rest.length > 1 ? rest : [];
    this.write('error', message, {
      context: contextOf(rest),
      ...(typeof stack === 'string' ? { stack } : {}),
    });
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, { context: contextOf(rest) });
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, { context: contextOf(rest) });
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, { context: contextOf(rest) });
  }

  private write(
    level: LogLevel,
    message: unknown,
    fields: { context: string | undefined; stack?: string },
  ): void {
    const trace = currentTrace();
    this.into[level](trace ? { trace_id: trace.traceId, ...fields } : fields, String(message));
  }
}

const contextOf = (rest: readonly unknown[]): string | undefined => {
  const context = rest.at(-1);
  return typeof context === 'string' ? context : undefined;
};
