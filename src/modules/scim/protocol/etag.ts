/** Weak: the same version of a resource is shown in more than one form (attributes, excludedAttributes). */
export const etagOf = (version: number | string): string => `W/"${version}"`;

/** Whether a header that lists tags, or `*`, names this one (RFC 9110, section 8.8.3.2, the weak comparison). */
export function matchesEtag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  return (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((one) => opaque(one) === opaque(etag));
}

const opaque = (etag: string): string => etag.replace(/^W\//, '');
