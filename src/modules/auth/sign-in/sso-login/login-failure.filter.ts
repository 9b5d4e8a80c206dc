import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  DomainError,
  LimitReached,
  Unavailable,
  httpStatusOf,
} from '../../../../common/errors/domain-error.js';
import { ERROR_CODE_HEADER } from '../../../../common/errors/error-format.js';
import { countOutage, logFailure } from '../../../../common/errors/log-failure.js';
import { explainOutage } from '../../../../common/errors/outage.js';
import { acceptsHtml } from '../../../../common/http/html.js';
import { Config } from '../../../../config/config.js';
import { type Page, sendPage } from '../core/page.js';
import { SignInRefused } from '../provisioning/sign-in.errors.js';
import { isTestState } from '../test-sign-in/test-attempts.js';
import { type LoginAttempt, LoginAttempts, returnPath } from './login-attempts.js';
import { parametersOf, toLoginOptions } from './login-parameters.mapper.js';

type Failure = {
  status: number;
  code: string;
  /** First the problem, then who can fix it and how. */
  message: string;
};

type Link = { readonly text: string; readonly href: string };

const INTERNAL_FAILURE: Failure = {
  status: 500,
  code: 'internal_error',
  message: 'An internal error occurred. Try again; if it persists, tell the operator of this installation.',
};

const LOGIN_PATH = '/api/v1/oauth/custom-oidc/login';

/** Responds to a failed sign-in with a page for browsers and with JSON for other clients, both with the same message. */
@Catch()
@Injectable()
export class LoginFailureFilter implements ExceptionFilter {
  private readonly log = new Logger(LoginFailureFilter.name);

  constructor(
    private readonly attempts: LoginAttempts,
    private readonly config: Config,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = explainOutage(thrown);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const failure = this.failureOf(error);
    void reply
      .status(failure.status)
      .header('referrer-policy', 'no-referrer')
      .header(ERROR_CODE_HEADER, failure.code);
    if (error instanceof Unavailable) countOutage(error);
    if (error instanceof LimitReached || error instanceof Unavailable)
      void reply.header('retry-after', String(error.retryAfterSeconds));
    if (!acceptsHtml(request)) return void reply.send({ detail: failure.message });
    const home = { text: 'Go to the start page', href: this.config.server.publicUrl ?? '/' };
    const retry = this.retryLink(error, request);
    sendPage(reply, toFailurePage(failure, retry ? [retry, home] : [home]));
  }

  private failureOf(error: unknown): Failure {
    if (error instanceof DomainError)
      return { status: httpStatusOf(error), code: error.code, message: error.message };
    logFailure(this.log, 'a sign-in failed', error);
    return INTERNAL_FAILURE;
  }

  /** With another account, or a new sign-in, if only that can help; null for a test, which only its own page starts. */
  private retryLink(error: unknown, request: FastifyRequest): Link | null {
    const { sso, server } = this.config;
    if (!sso || server.publicUrl === null || isTestState(parametersOf(request)['state'])) return null;
    const url = new URL(`${server.publicUrl}${LOGIN_PATH}`);
    const { returnTo, orgId } = this.wantedBy(request, server.publicUrl);
    if (returnTo !== server.publicUrl) url.searchParams.set('redirect_to', withoutOrigin(returnTo));
    if (orgId !== null) url.searchParams.set('organization_id', orgId);
    const prompt = error instanceof SignInRefused ? error.retryPrompt : null;
    if (prompt !== null) url.searchParams.set('prompt', prompt);
    return { text: prompt === 'select_account' ? 'Use another account' : 'Try again', href: url.href };
  }

  /** From the request of a login, or else from the cookie of the attempt whose callback failed. */
  private wantedBy(request: FastifyRequest, home: string): Pick<LoginAttempt, 'returnTo' | 'orgId'> {
    const { state } = parametersOf(request);
    const wanted =
      typeof state === 'string'
        ? this.attempts.cookie.wantedBy(request.headers.cookie, state)
        : toLoginOptions(request);
    return { returnTo: returnPath(wanted?.returnTo, home), orgId: wanted?.orgId ?? null };
  }
}

function withoutOrigin(url: string): string {
  const { pathname, search, hash } = new URL(url);
  return `${pathname}${search}${hash}`;
}

function toFailurePage({ status, code, message }: Failure, links: readonly Link[]): Page {
  const [problem, remedy] = splitMessage(message);
  const paragraphs = status === 429 ? [remedy] : [problem, remedy]; // there the headline is the problem
  return {
    headline: headline(status, code),
    paragraphs: paragraphs.filter((text) => text !== ''),
    links,
    code,
  };
}

function headline(status: number, code: string): string {
  if (code === 'invalid_provider_response') return 'Sign-in failed';
  if (status === 403) return 'Access denied';
  if (status === 429) return 'Too many sign-ins';
  if (status === 502 || status === 504) return 'The identity provider is not available';
  return status === 404 ? 'Single sign-on is not set up' : 'Sign-in failed';
}

/** A message states the problem; after the first full stop or semicolon it states the remedy. */
function splitMessage(message: string): [problem: string, remedy: string] {
  const [, problem = message, remedy = ''] = /^(.+?[.;])\s+(.+)$/s.exec(message) ?? [];
  return [problem.replace(/;$/, '.'), capitalized(remedy)];
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
