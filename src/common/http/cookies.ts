/**
 * The value of a cookie in a `Cookie` header; null if it is absent or occurs twice, since a neighbouring domain may
 * have set one of them.
 */
export function cookieValue(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value = null, ...others] = values;
  return others.length === 0 ? value : null;
}
