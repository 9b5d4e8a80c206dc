import type { Reply, Client, Exchange } from '../client.ts';
import { differences, type Expected } from '../differences.ts';

const ROUTES = '/api/v1/oauth/custom-oidc';
export const LOGIN = `${ROUTES}/login`;
export const CALLBACK = `${ROUTES}/callback`;
export const LOGOUT = `${ROUTES}/logout`;
export const FRONTCHANNEL = `${ROUTES}/frontchannel-logout`;
export const BACKCHANNEL = `${ROUTES}/backchannel-logout`;
export const SIGNED_OUT = '/signed-out';

const BROWSER = { accept: 'text/html' };

export const open = (
  path: string,
  query: Readonly<Record<string, string>> | URLSearchParams = {},
  headers: Readonly<Record<string, string>> = {},
): Exchange => {
  const text = String(new URLSearchParams(query));
  return { method: 'GET', path: text === '' ? path : `${path}?${text}`, headers: { ...BROWSER, ...headers } };
};

export const submit = (
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Exchange => ({ method: 'POST', path, form, headers: { ...BROWSER, ...headers } });

export const withoutSso = async (client: Client): Promise<string | null> =>
  (await isBasicAuth(client)) ? 'basic auth' : null;

export const withSso = async (client: Client): Promise<string | null> =>
  (await isBasicAuth(client)) ? null : 'single sign-on';

const isBasicAuth = async (client: Client): Promise<boolean> =>
  (await client.send(open(SIGNED_OUT))).headers.get('x-error-code') === 'sso_disabled';

/** Also where the browser never sees the state, because the parameters are pushed to the provider (RFC 9126). */
export async function withoutState(client: Client): Promise<string | null> {
  if (await isBasicAuth(client)) return 'basic auth';
  const asked = authorizationRequestOf(await client.send(open(LOGIN))).searchParams;
  return asked.has('request_uri') ? 'pushed authorization requests' : null;
}

/** True for a redirect whose parameters are as expected, or that only refers to them (RFC 9126). */
export const asks =
  (expected: Expected) =>
  (location: unknown): boolean => {
    const asked = new URL(String(location)).searchParams;
    return asked.has('request_uri') || differences(expected, Object.fromEntries(asked)).length === 0;
  };

/** A login that a browser has begun. */
export type Attempt = {
  readonly state: string;
  readonly cookie: { readonly cookie: string };
};

/** @throws Error if the login does not begin */
export async function begin(client: Client, query: Readonly<Record<string, string>> = {}): Promise<Attempt> {
  const reply = await client.send(open(LOGIN, query));
  const state = authorizationRequestOf(reply).searchParams.get('state');
  if (state === null) throw new Error('the redirect to the provider has no state');
  const cookie = reply.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  return { state, cookie: { cookie: cookie.join('; ') } };
}

function authorizationRequestOf({ status, headers, text }: Reply): URL {
  const location = headers.get('location');
  if (location === null) throw new Error(`a login returned ${status} ${text.slice(0, 300)}`);
  return new URL(location);
}

/** The public URL of the server, from a callback that it repeats at its own address. */
export async function publicUrlOf(client: Client): Promise<string> {
  const { headers } = await client.send(submit(CALLBACK, { state: 'unknown' }));
  return headers.get('location')?.split(CALLBACK, 1)[0] ?? '';
}

/** The issuer of the provider. @throws Error if it is neither given nor found */
export async function issuerOf(client: Client): Promise<string> {
  const given = client.options['issuer'];
  if (given) return given;
  const { origin, pathname } = authorizationRequestOf(await client.send(open(LOGIN)));
  const steps = pathname.split('/');
  for (let length = steps.length; length > 0; length--) {
    const above = `${origin}${steps.slice(0, length).join('/')}`.replace(/\/$/, '');
    const metadata = await metadataAt(above);
    if (metadata?.authorization_endpoint === `${origin}${pathname}`) return metadata.issuer;
  }
  throw new Error('the issuer is not known: add --issuer');
}

type Metadata = { readonly issuer: string; readonly authorization_endpoint: string };

const metadataAt = (url: string): Promise<Metadata | null> =>
  fetch(`${url}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(10_000) })
    .then((response) => (response.ok ? (response.json() as Promise<Metadata>) : null))
    .catch(() => null);
