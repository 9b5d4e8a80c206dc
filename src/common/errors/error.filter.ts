import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
  NotFoundException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KnownMethods } from '../http/known-methods.js';
import {
  Conflict,
  DomainError,
  LimitReached,
  LostRace,
  Unauthenticated,
  Unavailable,
} from './domain-error.js';
import { type Answer, dialectAt, type ErrorDialect, sendIn } from './error-dialect.js';
import { countOutage, logFailure } from './log-failure.js';
import { explainOutage } from './outage.js';
import { statusOf } from './status-of.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the rules said; for the record. */
    refusal?: DomainError;
  }
}

/**
 * Every error → status and body, in the contract's shape, as the part of the API words it. What is not expected is
 * logged and answered 500 without a word of what happened inside.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(ErrorFilter.name);

  constructor(
    private readonly known: KnownMethods,
    private readonly dialects: readonly ErrorDialect[] = [],
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = explainOutage(thrown);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof DomainError) request.refusal = error;
    if (error instanceof Unavailable) countOutage(error);
    const dialect = dialectAt(request.url, this.dialects);
    const answer = dialect.explain(error) ?? this.answer(error, request);
    if (answer.status === 413) reply.removeHeader('connection'); // else the answer is lost to who still sends
    sendIn(dialect, answer, reply);
  }

  private answer(error: unknown, request: FastifyRequest): Answer {
    if (error instanceof DomainError) return domainAnswer(error);
    if (error instanceof NotFoundException) return unknownRoute(this.known.of(request.url.split('?', 1)[0]!));
    if (error instanceof HttpException) return { status: error.getStatus(), detail: error.message };
    const malformed = unreadableBody(error);
    if (malformed) return malformed;
    logFailure(this.log, `${request.method} ${request.routeOptions.url ?? 'unknown route'} failed`, error);
    return { status: 500, detail: 'Internal Server Error' };
  }
}

const CHALLENGE = { 'www-authenticate': 'Bearer' }; // RFC 9110, section 15.5.2; RFC 6750, section 3

export const DO_NOT_RETRY = { 'x-should-retry': 'false' }; // SDKs retry 409 otherwise (semantics, section 15)

/** What an error of ours means on the wire, whatever the dialect. */
export function domainAnswer(error: DomainError): Answer {
  const status = statusOf(error);
  return {
    status,
    headers: headersOf(error),
    code: error.code,
    detail: error.problems ?? error.message,
  };
}

function headersOf(error: DomainError): Record<string, string> {
  if (error instanceof Unauthenticated) return CHALLENGE;
  if (error instanceof LimitReached || error instanceof Unavailable)
    return retryAfter(error.retryAfterSeconds);
  return error instanceof Conflict && !(error instanceof LostRace) ? DO_NOT_RETRY : {};
}

const retryAfter = (seconds: number) => ({ 'retry-after': String(seconds) });

/**
 * Nest's word for a route that does not exist: 405 with `Allow` where the path has other methods
 * (contract decision 36).
 */
function unknownRoute(allowed: string[]): Answer {
  if (allowed.length === 0) return { status: 404, detail: 'Not Found' };
  return { status: 405, detail: 'Method Not Allowed', headers: { allow: allowed.join(', ') } };
}

/** Fastify's own refusals of a body: not as long as announced, too large, of an unknown media type. */
function unreadableBody(error: unknown): Answer | null {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (!statusCode || statusCode < 400 || statusCode >= 500) return null;
  if (statusCode !== 400) return { status: statusCode, detail: message ?? 'Bad request' };
  return { status: 422, detail: [{ loc: ['body'], msg: 'JSON decode error', type: 'json_invalid' }] };
}
