import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, LimitReached, Unavailable } from '../../../../../common/errors/domain-error.js';
import { ERROR_CODE_HEADER } from '../../../../../common/errors/error-format.js';
import { countOutage, logFailure } from '../../../../../common/errors/log-failure.js';
import { explainOutage } from '../../../../../common/errors/outage.js';
import { httpStatusOf } from '../../../../../common/errors/http-status.js';
import { acceptsHtml } from '../../../../../common/http/html.js';
import { Config } from '../../../../../config/config.js';
import { sendPage } from '../../pages/page.js';
import { type Failure, toFailurePage } from './failure-page.js';
import { RetryLink } from './retry-link.js';

const INTERNAL_FAILURE = {
  status: 500,
  code: 'internal_error',
  message: 'An internal error occurred. Try again; if it persists, tell the operator of this installation.',
};

/** Answers a failed sign-in with a page for browsers and with JSON for other clients, both with the same message. */
@Catch()
@Injectable()
export class LoginFailureFilter implements ExceptionFilter {
  private readonly log = new Logger(LoginFailureFilter.name);

  constructor(
    private readonly retryLink: RetryLink,
    private readonly config: Config,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = explainOutage(thrown);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const failure = this.failureOf(error, request);
    void reply
      .status(failure.status)
      .header('referrer-policy', 'no-referrer')
      .header(ERROR_CODE_HEADER, failure.code);
    if (error instanceof Unavailable) countOutage(error);
    if (error instanceof LimitReached || error instanceof Unavailable)
      void reply.header('retry-after', String(error.retryAfterSeconds));
    if (!acceptsHtml(request)) return void reply.send({ detail: failure.message });
    sendPage(reply, toFailurePage(failure));
  }

  private failureOf(error: unknown, request: FastifyRequest): Failure {
    const home = this.config.server.publicUrl ?? '/';
    const retry = this.retryLink.for(error, request);
    if (error instanceof DomainError) {
      return { status: httpStatusOf(error), code: error.code, message: error.message, home, retry };
    }
    logFailure(this.log, 'a sign-in failed', error);
    return { ...INTERNAL_FAILURE, home, retry };
  }
}
