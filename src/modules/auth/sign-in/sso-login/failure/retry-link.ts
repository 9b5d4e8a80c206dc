import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Config } from '../../../../../config/config.js';
import { anotherAccountMayHelp } from '../../provisioning/sign-in.errors.js';
import { LoginCookie } from '../attempt/login-cookie.js';
import { returnPath } from '../attempt/return-path.js';

const LOGIN_PATH = '/api/v1/oauth/custom-oidc/login';

/** The link with which a failed sign-in is tried again. */
@Injectable()
export class RetryLink {
  constructor(
    private readonly cookie: LoginCookie,
    private readonly config: Config,
  ) {}

  /**
   * Leads to the page that was requested, and lets the user choose another account if only that can help. Null without
   * single sign-on.
   */
  for(error: unknown, request: FastifyRequest): { text: string; href: string } | null {
    const { sso, server } = this.config;
    if (!sso || server.publicUrl === null) return null;
    const url = new URL(`${server.publicUrl}${LOGIN_PATH}`);
    const returnTo = this.returnPathOf(request, server.publicUrl);
    if (returnTo !== server.publicUrl) url.searchParams.set('redirect_to', withoutOrigin(returnTo));
    if (!anotherAccountMayHelp(error)) return { text: 'Try again', href: url.href };
    url.searchParams.set('prompt', 'select_account');
    return { text: 'Use another account', href: url.href };
  }

  /** From the request of a login, or else from the cookie of the attempt whose callback failed. */
  private returnPathOf({ method, query, body, headers }: FastifyRequest, home: string): string {
    const parameters = ((method === 'POST' ? body : query) ?? {}) as Readonly<Record<string, unknown>>;
    const { state, redirect_to: redirectTo, target_link_uri: target } = parameters;
    if (typeof state !== 'string') return returnPath(redirectTo ?? target, home);
    return returnPath(this.cookie.returnPathOf(headers.cookie, state), home);
  }
}

function withoutOrigin(url: string): string {
  const { pathname, search, hash } = new URL(url);
  return `${pathname}${search}${hash}`;
}
