import type { FastifyReply } from 'fastify';
import type { LoginRedirect } from './begin-login.js';

export function sendRedirect(reply: FastifyReply, { location, setCookies }: LoginRedirect): void {
  void reply
    .status(302)
    .headers({ location, 'set-cookie': [...setCookies], 'referrer-policy': 'no-referrer' })
    .send();
}
