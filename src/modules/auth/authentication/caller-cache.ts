import { Injectable } from '@nestjs/common';
import { AccessCache } from '../../../common/access/access-cache.js';
import type { CredentialRow } from './principals.repository.js';
import type { RequestedContext } from './requested-context.js';

/**
 * Recognised callers by credential and requested context (docs/contract/installation.md#caching). Only what permits the
 * request is kept: an unknown credential or a missing right is asked for again, so that what is granted applies at once.
 */
@Injectable()
export class CallerCache {
  constructor(private readonly cache: AccessCache) {}

  /**
   * @param credential identifies the credential and the type of its rows; no secret, but a digest or an id
   * @param load returns a new object
   */
  find<Row extends CredentialRow>(
    credential: string,
    requested: RequestedContext,
    load: () => Promise<Row | null>,
  ): Promise<Row | null> {
    const { orgId, workspaceId, needsWorkspace } = requested;
    const key = `${credential} ${orgId ?? ''} ${workspaceId ?? ''} ${String(needsWorkspace)}`;
    return this.cache.get('callers', key, {
      load: async () => Object.freeze(await load()),
      endsAt: (found) => found?.endsAt ?? null,
      subjectIds: (found) => subjectsOf(found, requested),
    });
  }
}

/** Null if the row is the reason to refuse the request, or the caller has no organization. */
function subjectsOf(row: CredentialRow | null, requested: RequestedContext): readonly string[] | null {
  if (!row?.orgId || row.memberIsDisabled || row.orgIsDisabled) return null;
  if (requested.orgId && row.orgId !== requested.orgId) return null;
  if ((requested.workspaceId || requested.needsWorkspace) && !row.workspaceId) return null;
  return [row.credentialId, row.orgId, ...(row.userId === null ? [] : [row.userId])];
}
