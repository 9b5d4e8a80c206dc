/**
 * A path of ours: a slash, then no second one and no backslash, neither written nor encoded; no control characters or
 * spaces, which browsers leave out before they read.
 */
// oxlint-disable-next-line no-control-regex -- they are what must not be there
const PLAIN_PATH = /^\/(?![/\\]|%2f|%5c)[^\\\x00-\x20\x7f]*$/i;
const MAX_LENGTH = 2_000; // characters; it travels in a cookie

/**
 * Where the browser goes after a sign-in: the wanted place on our own origin, or home. Anybody can send anybody an
 * address with a `wanted` in it, so whatever could be read as another place is home (open redirect).
 */
export function returnPath(requested: unknown, home: string): string {
  if (typeof requested !== 'string') return home;
  const { origin } = new URL(home);
  const path = requested.startsWith(`${origin}/`) ? requested.slice(origin.length) : requested;
  if (!PLAIN_PATH.test(path)) return home;
  const url = new URL(path, origin);
  const isSameOrigin = url.origin === origin && !url.pathname.startsWith('//');
  return isSameOrigin && url.href.length <= MAX_LENGTH ? url.href : home;
}
