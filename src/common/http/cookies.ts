/**
 * The value of one cookie in a `Cookie` header. Two of one name are none: a neighbour may have planted one, and nobody
 * can say which was meant.
 */
export function cookieValue(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0]! : null;
}
