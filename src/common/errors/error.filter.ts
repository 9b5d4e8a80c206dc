import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
  NotFoundException,
} from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  ConcurrencyConflict,
  Conflict,
  DomainError,
  httpStatusOf,
  LimitReached,
  Unauthenticated,
  Unavailable,
} from './domain-error.js';
import {
  type ErrorFormat,
  errorFormatFor,
  type ErrorResponse,
  INTERNAL_ERROR,
  type PathErrorFormat,
  problemFormat,
  protocolError,
  ROUTE_NOT_FOUND,
  sendError,
} from './error-format.js';
import { countOutage, logFailure } from './log-failure.js';
import { explainOutage } from './outage.js';
import { UnsupportedContentCoding, ValidationFailed } from './errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The refusal, for the audit log. */
    refusal?: DomainError;
    /** More about it. */
    refusalDetails?: Readonly<Record<string, string>>;
  }
}

/**
 * The methods of each path, for 405 responses with `Allow`
 * (docs/contract/http.md#routes-beyond-the-published-description).
 */
export class AllowedMethods {
  private readonly routes: { method: string; matches: RegExp }[] = [];

  /** Call it before the first route is registered. */
  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ method, url }) => {
      const matches = new RegExp(
        `^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}/?$`,
      );
      for (const name of [method].flat()) this.routes.push({ method: name, matches });
    });
  }

  of(path: string): string[] {
    return [...new Set(this.routes.filter(({ matches }) => matches.test(path)).map(({ method }) => method))];
  }
}

/**
 * Maps every error to a status and a body in the error format of the path. Unexpected errors are logged and become
 * 500 without internal details.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(ErrorFilter.name);

  constructor(
    private readonly allowedMethods: AllowedMethods,
    private readonly formats: readonly PathErrorFormat[] = [],
    private readonly resourceMetadata: string | null = null,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = explainOutage(thrown);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof DomainError) request.refusal = error;
    if (error instanceof Unavailable) countOutage(error);
    const format = this.formatFor(request);
    const response = format.toResponse?.(error) ?? this.toResponse(error, request);
    if (format.auditDetails) request.refusalDetails = format.auditDetails(response);
    if (response.status === 401) this.nameResource(request, response);
    if (response.status === 413) reply.removeHeader('connection'); // a client still sending would miss the response
    sendError(format, response, reply);
  }

  /** RFC 9728, section 5.1, beside what the challenge says; `invalid_token` if a token was sent (RFC 6750, section 3.1). */
  private nameResource({ headers, url }: FastifyRequest, response: ErrorResponse): void {
    const challenge = response.headers?.['www-authenticate'];
    if (this.resourceMetadata === null || !challenge?.startsWith('Bearer')) return;
    if (url.startsWith('/scim/') || url.startsWith('/api/v1/login')) return;
    const invalidToken = headers.authorization === undefined ? '' : 'error="invalid_token"';
    const given = challenge.slice('Bearer '.length) || invalidToken;
    const parameters = [given, `resource_metadata="${this.resourceMetadata}"`].filter((each) => each !== '');
    response.headers = { ...response.headers, 'www-authenticate': `Bearer ${parameters.join(', ')}` };
  }

  private formatFor({ url, headers, routeOptions }: FastifyRequest): ErrorFormat {
    const { problems } = routeOptions.config;
    return problems ? problemFormat(problems, headers.accept) : errorFormatFor(url, this.formats);
  }

  private toResponse(error: unknown, request: FastifyRequest): ErrorResponse {
    if (error instanceof DomainError) return domainErrorResponse(error);
    if (error instanceof NotFoundException) {
      const [path = ''] = request.url.split('?', 1);
      return routeNotFoundResponse(this.allowedMethods.of(path));
    }
    if (error instanceof UnsupportedContentCoding)
      return protocolError(error.getStatus(), error.message, error.headers);
    if (error instanceof HttpException) return protocolError(error.getStatus(), error.message);
    const malformed = invalidBodyResponse(error);
    if (malformed) return malformed;
    logFailure(this.log, `${request.method} ${request.routeOptions.url ?? 'unknown route'} failed`, error);
    return INTERNAL_ERROR;
  }
}

export const DO_NOT_RETRY = { 'x-should-retry': 'false' }; // docs/contract/http.md#permanent-errors

/** The response to a domain error, before an error format is applied. */
export function domainErrorResponse(error: DomainError): ErrorResponse {
  const status = httpStatusOf(error);
  return {
    status,
    headers: headersOf(error),
    code: error.code,
    detail: error.problems ?? error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.fields === undefined ? {} : { fields: error.fields }),
  };
}

function headersOf(error: DomainError): Record<string, string> {
  if (error instanceof Unauthenticated) return { 'www-authenticate': error.challenge };
  if (error instanceof LimitReached || error instanceof Unavailable)
    return { 'retry-after': String(error.retryAfterSeconds) };
  return error instanceof Conflict && !(error instanceof ConcurrencyConflict) ? DO_NOT_RETRY : {};
}

/**
 * Nest's response for an unknown route; 405 with `Allow` if the path has other methods
 * (docs/contract/http.md#routes-beyond-the-published-description).
 */
function routeNotFoundResponse(allowed: string[]): ErrorResponse {
  if (allowed.length === 0) return ROUTE_NOT_FOUND;
  return protocolError(405, 'Method Not Allowed', { allow: allowed.join(', ') });
}

const NO_JSON = { loc: ['body'], msg: 'JSON decode error', type: 'json_invalid' };

/** Fastify's refusals of a body: length mismatch, too large, unsupported media type. */
function invalidBodyResponse(error: unknown): ErrorResponse | null {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (!statusCode || statusCode < 400 || statusCode >= 500) return null;
  if (statusCode !== 400) return protocolError(statusCode, message ?? 'Bad request');
  return domainErrorResponse(new ValidationFailed([NO_JSON]));
}
