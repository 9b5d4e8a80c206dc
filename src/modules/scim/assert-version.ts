import { etagOf, matchesEtag } from './protocol/etag.js';
import { VersionMismatch } from './protocol/scim.errors.js';

/** A resource as a request names it: by its id, and perhaps by the version that the client knows. */
export type VersionedTarget = { readonly id: string; readonly ifMatch: string | null };

export function assertVersion({ version }: { version: number }, { ifMatch }: VersionedTarget): void {
  if (ifMatch !== null && !matchesEtag(ifMatch, etagOf(version))) throw new VersionMismatch();
}
