import type { OwnSession } from '../../contract/sign-in.js';
import type { ListedSession } from './sessions.repository.js';

export const toOwnSession = (session: ListedSession, currentId: string): OwnSession => ({
  id: session.id,
  method: session.method,
  created_at: session.createdAt.toISOString(),
  expires_at: session.expiresAt.toISOString(),
  last_used_at: session.lastUsedAt?.toISOString() ?? null,
  ...deviceOf(session.userAgent),
  user_agent: session.userAgent,
  client_host: session.clientHost,
  is_current: session.id === currentId,
  acr: session.acr,
  amr: session.amr,
  authenticated_at: session.authenticatedAt?.toISOString() ?? null,
});

/** What the `User-Agent` says of a device, as names for people; null where it says nothing known. */
type Device = { readonly browser: string | null; readonly platform: string | null };

type Names = readonly (readonly [name: string, ...words: string[]])[];

/** In this order: browsers name those that they are compatible with, too. */
const BROWSERS: Names = [
  ['Edge', 'Edg/', 'Edge/', 'EdgA/', 'EdgiOS/'],
  ['Opera', 'OPR/'],
  ['Samsung Internet', 'SamsungBrowser/'],
  ['Firefox', 'Firefox/', 'FxiOS/'],
  ['Chrome', 'Chrome/', 'CriOS/'],
];

const PLATFORMS: Names = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['ChromeOS', 'CrOS'],
  ['Windows', 'Windows'],
  ['macOS', 'Mac OS X'],
  ['Linux', 'Linux'],
];

const MAX_NAME_LENGTH = 40;

/** Clients that are no browsers are named by their first product (RFC 9110, section 10.1.5), such as `curl`. */
export function deviceOf(userAgent: string | null): Device {
  const text = userAgent ?? '';
  const product = /^[\w.+-]+(?=\/|\s|$)/.exec(text)?.[0].slice(0, MAX_NAME_LENGTH) ?? null;
  return {
    browser: nameIn(BROWSERS, text) ?? (isSafari(text) ? 'Safari' : product === 'Mozilla' ? null : product),
    platform: nameIn(PLATFORMS, text),
  };
}

const isSafari = (text: string): boolean => text.includes('Version/') && text.includes('Safari/');

const nameIn = (names: Names, text: string): string | null =>
  names.find(([, ...words]) => words.some((word) => text.includes(word)))?.[0] ?? null;
