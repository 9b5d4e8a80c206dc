import type { FastifyRequest } from 'fastify';

/** What a login request asks for. All of it is untrusted: anyone can craft a link. */
export type LoginOptions = {
  /** Where to go after the sign-in; only an address on our own origin is used. */
  readonly returnTo: unknown;
  /** The issuer that another site names (OpenID Connect Core 1.0, section 4); null if it names none. */
  readonly issuer: string | null;
  /** Parameters of the authorization request. */
  readonly hints: Readonly<{ login_hint?: string; prompt?: 'select_account' }>;
};

const MAX_HINT_LENGTH = 320; // characters, the longest e-mail address

/** Reads the query of a GET or the form of a POST (OpenID Connect Core 1.0, section 4), never both. */
export function toLoginOptions({ method, query, body }: FastifyRequest): LoginOptions {
  const parameters = ((method === 'POST' ? body : query) ?? {}) as Readonly<Record<string, unknown>>;
  const { redirect_to: redirectTo, target_link_uri: target, iss, login_hint: hint, prompt } = parameters;
  return {
    returnTo: redirectTo ?? target,
    issuer: iss === undefined ? null : single(iss),
    hints: {
      ...(isHint(hint) ? { login_hint: hint } : {}),
      ...(prompt === 'select_account' ? { prompt } : {}),
    },
  };
}

/** A repeated parameter matches no issuer. */
const single = (value: unknown): string => (typeof value === 'string' ? value : '');

const isHint = (hint: unknown): hint is string =>
  typeof hint === 'string' && hint !== '' && hint.length <= MAX_HINT_LENGTH && /^\P{C}+$/u.test(hint);
