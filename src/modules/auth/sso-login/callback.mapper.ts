import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NextStop } from './begin-login.js';
import type { Callback } from './login-proof.js';

/** In the query of a GET, or in the form of a POST (OAuth 2.0 Form Post Response Mode); never in both. */
export function toCallback({ method, query, body, headers, socket }: FastifyRequest): Callback {
  const parameters = ((method === 'POST' ? body : query) ?? {}) as Readonly<Record<string, unknown>>;
  return {
    state: single(parameters['state']),
    code: single(parameters['code']),
    error: single(parameters['error']),
    issuer: single(parameters['iss']),
    cookies: headers.cookie,
    clientHost: socket.remoteAddress ?? null,
  };
}

export function sendOn(reply: FastifyReply, { location, setCookies }: NextStop): void {
  void reply
    .status(302)
    .headers({ location, 'set-cookie': [...setCookies], 'referrer-policy': 'no-referrer' })
    .send();
}

/** A parameter that comes twice is none (RFC 6749, section 3.1). */
const single = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
