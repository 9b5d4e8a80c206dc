import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsHtml } from '../../../common/http/html.js';
import { LogoutResponse } from '../../../contract/login.js';
import type { LoggedOut } from './log-out.js';

/** A form's browser is sent on; a page's script is told where to go, since it would not see a redirect's target. */
export function replyToLogout(
  { setCookie, logoutUrl, home }: LoggedOut,
  request: FastifyRequest,
  reply: FastifyReply,
): LogoutResponse | undefined {
  void reply.header('set-cookie', setCookie);
  if (!acceptsHtml(request)) return { logout_url: logoutUrl };
  void reply.status(303).header('location', logoutUrl ?? home);
}

/** The one field of a back-channel logout request; null when it is not there exactly once. */
export function readLogoutToken(body: unknown): string | null {
  const { logout_token: token } = (body ?? {}) as Record<string, unknown>;
  return typeof token === 'string' ? token : null;
}

/** OpenID Connect Back-Channel Logout 1.0, section 2.8. What was wrong with a token is in our log only. */
export function replyToBackchannelLogout(isAccepted: boolean, reply: FastifyReply): object {
  if (isAccepted) return {};
  void reply.status(400);
  return {
    error: 'invalid_request',
    error_description: 'This is no logout token for us, or one that was used before.',
  };
}
