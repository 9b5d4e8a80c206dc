import { etagOf, namesEtag } from './protocol/etag.js';
import { VersionMismatch } from './protocol/scim-error.js';

/** A resource as a request names it: by its id, and perhaps by the version that the client knows. */
export type Target = { readonly id: string; readonly ifMatch: string | null };

export function assertVersion({ version }: { version: number }, { ifMatch }: Target): void {
  if (ifMatch !== null && !namesEtag(ifMatch, etagOf(version))) throw new VersionMismatch();
}
