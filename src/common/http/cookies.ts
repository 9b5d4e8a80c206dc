/**
 * The value of a cookie in a `Cookie` header; null if it is absent or occurs twice, since a neighbouring domain may
 * have set one of them. Only space and tab around a pair are no part of its name (RFC 6265, section 4.2.1): a browser
 * keeps the name `\xA0__Host-…` of another domain, since it has no protected prefix.
 */
export function cookieValue(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value = null, ...others] = values;
  return others.length === 0 ? value : null;
}
