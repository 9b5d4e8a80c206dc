/** Weak: `attributes` and `excludedAttributes` show the same version in more than one form. */
export const etagOf = (version: number | string): string => `W/"${version}"`;

/** Whether a header with a list of tags, or `*`, matches (RFC 9110, section 8.8.3.2, weak comparison). */
export function matchesEtag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  return (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((one) => opaque(one) === opaque(etag));
}

const opaque = (etag: string): string => etag.replace(/^W\//, '');
