import { Injectable } from '@nestjs/common';
import { required } from '../../../../common/required.js';
import { DatabaseClock } from '../../../../database/database-clock.js';
import { type ComparedRole, RightsBeyondUsers } from '../../../access/index.js';
import { ORG_ADMIN_ID } from '../../../rbac/index.js';
import type { ScopedKey } from '../core/api-keys.repository.js';
import { type CredentialCreator, CredentialCreators } from '../core/credential-creators.read-model.js';

/** By the id of the key; null: the creator is unknown. */
type Marks = ReadonlyMap<string, boolean | null>;
/** 'compare': what the creator holds in the workspaces of the key decides. */
type Mark = boolean | null | 'compare';

/** Finds service keys that allow more than their creator may do at present (docs/contract/keys.md#who-created-a-key). */
@Injectable()
export class KeysBeyondCreators {
  constructor(
    private readonly creators: CredentialCreators,
    private readonly rights: RightsBeyondUsers,
    private readonly clock: DatabaseClock,
  ) {}

  /** In a fixed number of statements. */
  async find(orgId: string, keys: readonly ScopedKey[]): Promise<Marks> {
    if (keys.length === 0) return new Map();
    const creators = await this.creators.findOf(
      orgId,
      keys.map(({ key }) => key),
    );
    const now = await this.clock.now();
    const marks = keys.map((scoped) => {
      const mark = markOf(scoped, creators.get(scoped.key.createdByUserId ?? ''), now);
      return { id: scoped.key.id, mark, role: mark === 'compare' ? roleOf(scoped) : null };
    });
    const exceeding = await this.rights.find(
      orgId,
      marks.flatMap(({ role }) => role ?? []),
    );
    return new Map(
      marks.map(({ id, mark, role }) => [
        id,
        mark === 'compare' ? role !== null && exceeding.has(role) : mark,
      ]),
    );
  }
}

function markOf({ key, workspaceIds }: ScopedKey, creator: CredentialCreator | undefined, now: Date): Mark {
  if (key.createdByUserId === null) return null;
  const isExpired = key.expiresAt !== null && key.expiresAt <= now;
  if (isExpired || !(key.isOrgWide || workspaceIds.length > 0)) return false;
  if (!creator || creator.isDisabled) return true;
  if (creator.orgRoleId === ORG_ADMIN_ID) return false;
  return key.isOrgWide || 'compare'; // it covers every workspace that will be created
}

const roleOf = ({ key, workspaceIds }: ScopedKey): ComparedRole => ({
  userId: required(key.createdByUserId, 'created_by_user_id'),
  roleId: required(key.workspaceRoleId, 'workspace_role_id'),
  workspaceIds,
});
