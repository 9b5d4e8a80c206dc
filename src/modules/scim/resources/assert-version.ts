import { etagOf, matchesEtag } from '../protocol/resource.js';
import { VersionMismatch } from '../protocol/scim.errors.js';

/** A resource addressed by id and, if the client sent `If-Match`, by version. */
export type VersionedTarget = { readonly id: string; readonly ifMatch: string | null };

export function assertVersion({ version }: { version: number }, { ifMatch }: VersionedTarget): void {
  if (ifMatch !== null && !matchesEtag(ifMatch, etagOf(version))) throw new VersionMismatch();
}
