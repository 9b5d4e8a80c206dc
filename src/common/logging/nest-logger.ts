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

  log(message: unknown, ...optionalParams: unknown[]): void {
    const context = contextOf(optionalParams);
    this.write(context !== undefined && STARTUP_CONTEXTS.has(context) ? 'debug' : 'info', message, {
      context,
    });
  }

  fatal(message: unknown, ...optionalParams: unknown[]): void {
    this.write('fatal', message, { context: contextOf(optionalParams) });
  }

  /** Nest calls it with the message, a stack or undefined, and the context. */
  error(message: unknown, ...optionalParams: unknown[]): void {
    const [stack] = optionalParams.length > 1 ? optionalParams : [];
    this.write('error', message, {
      context: contextOf(optionalParams),
      ...(typeof stack === 'string' ? { stack } : {}),
    });
  }

  warn(message: unknown, ...optionalParams: unknown[]): void {
    this.write('warn', message, { context: contextOf(optionalParams) });
  }

  debug(message: unknown, ...optionalParams: unknown[]): void {
    this.write('debug', message, { context: contextOf(optionalParams) });
  }

  verbose(message: unknown, ...optionalParams: unknown[]): void {
    this.write('trace', message, { context: contextOf(optionalParams) });
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

const contextOf = (optionalParams: readonly unknown[]): string | undefined => {
  const context = optionalParams.at(-1);
  return typeof context === 'string' ? context : undefined;
};
