import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessLimits } from '../../../../common/access/access-limits.js';
import type { Permission } from '../../../../common/access/permissions.js';
import { EventBus } from '../../../../common/event-bus.js';
import { named, Sql, type Statement } from '../../../../database/transactions/sql.js';
import { EndBroughtForward } from '../../../members/index.js';
import { rightsOfRole } from '../../../roles/index.js';
import { endOfReach } from './caller-keys.js';

/** A key or SCIM token whose creator's rights end. Without workspaces: of the whole organization. */
type EndingCredential = {
  readonly id: string;
  readonly userId: string;
  readonly rightsEndAt: Date;
  readonly workspaceIds: readonly string[];
  /** Null for a SCIM token. */
  readonly roleId: string | null;
  /** Of a custom role. */
  readonly permissions: readonly Permission[] | null;
};

/** `ending` lists an `EndingCredential` for each. $1: organization. `endEarlier`: $1 organization, $2 ids, $3 their ends. */
type Credentials = { readonly ending: Statement; readonly endEarlier: Statement };

const API_KEYS: Credentials = {
  ending: named('api_keys_ending')`
    select k.id, k.created_by_user_id as "userId", k.rights_end_at as "rightsEndAt", k.workspace_role_id as "roleId", r.permissions,
      array(select w.workspace_id from api_key_workspaces w where w.api_key_id = k.id) as "workspaceIds"
    from api_keys k left join roles r on r.id = k.workspace_role_id and r.org_id is not null
    where k.org_id = $1 and k.kind = 'service' and k.rights_end_at > now() and k.created_by_user_id is not null`,
  endEarlier: named('api_keys_end_earlier')`
    update api_keys k set rights_end_at = e.ends_at, expires_at = least(k.expires_at, e.ends_at)
    from unnest($2::uuid[], $3::timestamptz[]) e (id, ends_at) where k.org_id = $1 and k.id = e.id`,
};

/** When the end of somebody's access is brought forward, so is that of keys that they created by it (docs/contract/keys.md#expiry-limits). */
@Injectable()
export class EndKeysEarlier implements OnModuleInit {
  private readonly kinds = [API_KEYS];

  constructor(
    private readonly events: EventBus,
    private readonly sql: Sql,
    private readonly limits: AccessLimits,
  ) {}

  onModuleInit(): void {
    this.events.on(EndBroughtForward, async (event) => {
      for (const kind of this.kinds) await this.run(kind, event);
    });
  }

  /** Of another kind, which follows the same rule. */
  add(credentials: Credentials): void {
    this.kinds.push(credentials);
  }

  private async run(
    { ending, endEarlier }: Credentials,
    { orgId, credentialIds }: EndBroughtForward,
  ): Promise<void> {
    const credentials = await this.sql.rows<EndingCredential>(ending, [orgId]);
    if (credentials.length === 0) return;
    const endsOf = await this.limits.loadEndsOf(
      orgId,
      credentials.map(({ userId }) => userId),
    );
    const ids: string[] = [];
    const ends: Date[] = [];
    for (const { id, userId, roleId, permissions, workspaceIds, rightsEndAt } of credentials) {
      const rights = roleId ? rightsOfRole(roleId, permissions) : new Set<Permission>();
      const endOf = endsOf.get(userId);
      const end = endOf ? endOfReach(rights, workspaceIds, endOf) : null;
      if (!end || end >= rightsEndAt) continue;
      ids.push(id);
      ends.push(end);
    }
    if (ids.length > 0) await this.sql.affected(endEarlier, [orgId, ids, ends]);
    credentialIds.push(...ids);
  }
}
