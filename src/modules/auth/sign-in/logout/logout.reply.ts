import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CODE_HEADER } from '../../../../common/errors/error-format.js';
import { acceptsHtml } from '../../../../common/http/html.js';
import { LogoutResponse } from '../../../../contract/sign-in.js';
import type { LoggedOut } from './log-out.js';

/** Redirects form posts, for which the status is set before; scripts get the URL as JSON, because they cannot read the target of a redirect. */
export function replyToLogout(
  { setCookie, logoutUrl, nextPage }: LoggedOut,
  request: FastifyRequest,
  reply: FastifyReply,
): LogoutResponse | undefined {
  void reply.header('set-cookie', setCookie);
  if (!acceptsHtml(request)) return { logout_url: logoutUrl };
  void reply.header('location', logoutUrl ?? nextPage);
}

/** The `logout_token` field of a back-channel logout request; null unless it is present exactly once. */
export function readLogoutToken(body: unknown): string | null {
  const { logout_token: token } = (body ?? {}) as Record<string, unknown>;
  return typeof token === 'string' ? token : null;
}

/** OpenID Connect Back-Channel Logout 1.0, section 2.8. The reason of a refusal is only in our log. */
export function replyToBackchannelLogout(isAccepted: boolean, reply: FastifyReply): object {
  if (isAccepted) return {};
  void reply.status(400).header(ERROR_CODE_HEADER, 'invalid_logout_token');
  return {
    error: 'invalid_request',
    error_description: 'The logout token is not valid for this client, or was used before.',
  };
}

/** An empty page that only pages of the provider may frame. */
export function replyToFrontchannelLogout(frameAncestors: readonly string[], reply: FastifyReply): void {
  void reply
    .removeHeader('x-frame-options')
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; frame-ancestors ${frameAncestors.join(' ')}`,
    })
    .send('<!doctype html>\n<html lang="en"><title>Signed out</title></html>\n');
}
