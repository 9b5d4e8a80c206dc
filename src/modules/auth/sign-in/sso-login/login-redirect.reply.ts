import type { FastifyReply } from 'fastify';
import type { LoginRedirect } from './begin-login.js';

export function sendRedirect(
  reply: FastifyReply,
  { location, setCookies, status = 302 }: LoginRedirect,
): void {
  void reply
    .status(status)
    .headers({ location, 'set-cookie': [...setCookies], 'referrer-policy': 'no-referrer' })
    .send();
}
