/**
 * A same-origin path: one slash that no slash or backslash follows, literal or encoded; no control characters or
 * spaces, which browsers strip before parsing.
 */
// oxlint-disable-next-line no-control-regex -- the pattern excludes them
const PLAIN_PATH = /^\/(?![/\\]|%2f|%5c)[^\\\x00-\x20\x7f]*$/i;
const MAX_LENGTH = 2_000; // characters; the path is stored in a cookie

/**
 * Returns the requested URL if it is on our own origin, otherwise `home`. Prevents open redirects: `requested` comes
 * from a link that anyone can craft.
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
