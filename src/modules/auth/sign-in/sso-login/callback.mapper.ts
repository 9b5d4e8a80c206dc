import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { CALLBACK_PATH } from '../../oidc/index.js';
import type { Callback } from './login-verification.js';

/** Reads the query of a GET or the form of a POST (OAuth 2.0 Form Post Response Mode), never both. */
export function toCallback(request: FastifyRequest): Callback {
  const { method, query, body, headers } = request;
  const parameters = ((method === 'POST' ? body : query) ?? {}) as Readonly<Record<string, unknown>>;
  return {
    state: single(parameters['state']),
    code: single(parameters['code']),
    error: single(parameters['error']),
    issuer: single(parameters['iss']),
    cookies: headers.cookie,
    clientHost: requestMetadata(request).clientHost,
  };
}

/** The address at which the browser repeats a form post as GET, with the cookies that the form did not carry. */
export function callbackUrl({ state, code, error, issuer: iss }: Callback, publicUrl: string): string {
  const url = new URL(`${publicUrl}${CALLBACK_PATH}`);
  for (const [name, value] of Object.entries({ state, code, error, iss }))
    if (value !== null) url.searchParams.set(name, value);
  return url.href;
}

/** A repeated parameter counts as absent, because it must not occur more than once (RFC 6749, section 3.1). */
const single = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
