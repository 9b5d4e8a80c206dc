/** What the `User-Agent` says of a device, as names for people; null where it says nothing known. */
export type Device = { readonly browser: string | null; readonly platform: string | null };

/** In this order: browsers name those that they are compatible with, too. */
const BROWSERS: readonly [name: string, pattern: RegExp][] = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(HeadlessChrome|Chrome|CriOS)\//],
  ['Safari', /\bVersion\/\S+.*\bSafari\//],
];

const PLATFORMS: readonly [name: string, pattern: RegExp][] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
];

const MAX_NAME_LENGTH = 40;

/** Clients that are no browsers are named by their first product (RFC 9110, section 10.1.5), such as `curl`. */
export function deviceOf(userAgent: string | null): Device {
  const text = userAgent ?? '';
  const product = /^[\w.+-]+(?=\/|\s|$)/.exec(text)?.[0].slice(0, MAX_NAME_LENGTH) ?? null;
  return {
    browser: nameIn(BROWSERS, text) ?? (product === 'Mozilla' ? null : product),
    platform: nameIn(PLATFORMS, text),
  };
}

const nameIn = (names: readonly [string, RegExp][], text: string): string | null =>
  names.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
