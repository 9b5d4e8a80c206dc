import type { FastifyRequest } from 'fastify';
import { isUuid } from '../../../../common/http/operations/value-checks.js';
import { requestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import type { Callback } from '../core/redeem-callback.js';
import { toAskedStepUp } from '../core/step-up.js';
import type { LoginOptions } from './begin-login.js';

/** The query of a GET or the form of a POST (OAuth 2.0 Form Post Response Mode), never both. */
export const parametersOf = ({ method, query, body }: FastifyRequest) =>
  ((method === 'POST' ? body : query) ?? {}) as Readonly<Record<string, unknown>>;

export function toLoginOptions(request: FastifyRequest): LoginOptions {
  const parameters = parametersOf(request);
  const { redirect_to: redirectTo, target_link_uri: target, iss, login_hint: hint, prompt } = parameters;
  const { organization_id: orgId } = parameters;
  return {
    returnTo: redirectTo ?? target,
    issuer: iss === undefined ? null : typeof iss === 'string' ? iss : '', // a repeated one matches no issuer
    hints: {
      ...(isHint(hint) ? { login_hint: hint } : {}),
      ...(prompt === 'select_account' || prompt === 'login' ? { prompt } : {}),
    },
    orgId: isUuid(orgId) ? String(orgId).toLowerCase() : null,
    stepUp: toAskedStepUp(parameters),
  };
}

const MAX_HINT_LENGTH = 320; // characters, the longest e-mail address

const isHint = (hint: unknown): hint is string =>
  typeof hint === 'string' && hint !== '' && hint.length <= MAX_HINT_LENGTH && /^\P{C}+$/u.test(hint);

export function toCallback(request: FastifyRequest): Callback {
  const { state, code, error, iss } = parametersOf(request);
  return {
    state: single(state),
    code: single(code),
    error: single(error),
    issuer: single(iss),
    cookies: request.headers.cookie,
    clientHost: requestMetadata(request).clientHost,
  };
}

/** A repeated parameter counts as absent, because it must not occur more than once (RFC 6749, section 3.1). */
const single = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
