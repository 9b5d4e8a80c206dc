import { Injectable } from '@nestjs/common';
import type { EndOf, PlaceOfRights } from '../../common/access/access-limits.js';
import type { Permission } from '../../common/access/permissions.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { named, Sql, type Statement } from '../../database/transactions/sql.js';
import { ORG_ADMIN_ID, rightsOfRole } from '../roles/index.js';

/** $1 organization, $2 user. Whether something that they have has an end; of an Organization Admin, whether that role has. */
const IS_TEMPORARY: Statement = named('own_ends_is_temporary')`
  select coalesce(bool_or(m.access_expires_at is not null or m.role_id <> '${ORG_ADMIN_ID}' and (
    exists (
      select from current_workspace_memberships w
      where w.org_id = m.org_id and w.user_id = m.user_id and w.access_expires_at is not null)
    or exists (
      select from user_group_roles r
      where r.user_id = m.user_id and r.ends_at > now() and r.ends_at < 'infinity'))),
    false) as "isTemporary"
  from current_org_memberships m where m.org_id = $1 and m.user_id = $2`;

/** The roles of users with their ends. $1 organization, $2 users. A role by a group has an effect as long as the membership in the workspace. */
const OWN_ROLES: Statement = named('own_ends_roles')`
  with own as (
    select m.user_id, m.workspace_id, r.role_id, least(r.ends_at, m.org_access_ends_at) as ends_at
    from current_workspace_memberships m
    cross join lateral (values (m.role_id, m.access_expires_at), (m.reverts_to_role_id, null)) r (role_id, ends_at)
    where m.org_id = $1 and m.user_id = any($2) and r.role_id is not null)
  select m.user_id as "userId", null::uuid as "workspaceId", r.role_id as "roleId", null::text[] as permissions, r.ends_at as "endsAt"
  from current_org_memberships m
  cross join lateral (values (m.role_id, m.access_expires_at), (m.reverts_to_role_id, null)) r (role_id, ends_at)
  where m.org_id = $1 and m.user_id = any($2) and r.role_id is not null
  union all
  select o.user_id, o.workspace_id, o.role_id, r.permissions, o.ends_at
  from own o left join roles r on r.id = o.role_id and r.org_id is not null
  union all
  select g.user_id, g.workspace_id, g.role_id, r.permissions, least(nullif(g.ends_at, 'infinity'), o.ends_at)
  from own o
  join organizations a on a.id = $1 and a.can_use_user_groups
  join user_group_roles g on g.user_id = o.user_id and g.workspace_id = o.workspace_id and g.ends_at > now()
  left join roles r on r.id = g.role_id and r.org_id is not null`;

/** `workspaceId` null: in the organization. `permissions`: of a custom role. */
type OwnRole = {
  readonly userId: string;
  readonly workspaceId: string | null;
  readonly roleId: string;
  readonly permissions: readonly Permission[] | null;
  readonly endsAt: Date | null;
};

/** Until when callers hold what they give (docs/contract/members.md#what-a-caller-whose-access-ends-gives). */
@Injectable()
export class OwnEnds {
  constructor(private readonly sql: Sql) {}

  /** Whether anything has an end, of a user who acts or of who created the key. */
  async isTemporary({ orgId, userId, rightsEndAt }: OrgPrincipal): Promise<boolean> {
    if (userId === null) return rightsEndAt() !== null;
    return (await this.sql.one<{ isTemporary: boolean }>(IS_TEMPORARY, [orgId, userId])).isTemporary;
  }

  /** Of a user by their roles, at the moment; of a key or SCIM token what is stored of it. */
  async load({ orgId, userId, rightsEndAt }: OrgPrincipal): Promise<EndOf> {
    if (userId === null) return () => rightsEndAt()?.getTime() ?? Infinity;
    return (await this.loadOf(orgId, [userId])).get(userId) ?? (() => Infinity);
  }

  /** By user; those without a membership are missing. */
  async loadOf(orgId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, EndOf>> {
    const roles = await this.sql.rows<OwnRole>(OWN_ROLES, [orgId, userIds]);
    return new Map(
      [...Map.groupBy(roles, ({ userId }) => userId)].map(([userId, own]) => [userId, endOf(own)]),
    );
  }
}

function endOf(roles: readonly OwnRole[]): EndOf {
  const sources = roles.map(({ workspaceId, roleId, permissions, endsAt }) => ({
    workspaceId,
    holds: rightsOfRole(roleId, permissions),
    end: endsAt?.getTime() ?? Infinity,
  }));
  return (place) => lastOfAll(sources, place);
}

type Source = {
  readonly workspaceId: string | null;
  readonly holds: ReadonlySet<Permission>;
  readonly end: number;
};

/** When the first of the permissions ends that are held (the comparison refuses the others); if none is, when the organization role ends. */
function lastOfAll(sources: readonly Source[], { workspaceId, permissions }: PlaceOfRights): number {
  const here = sources.filter((source) => source.workspaceId === null || source.workspaceId === workspaceId);
  const ends = [...permissions].flatMap((permission) => {
    const held = here.filter(({ holds }) => holds.has(permission));
    return held.length === 0 ? [] : [lastOf(held)];
  });
  return ends.length > 0
    ? Math.min(...ends)
    : lastOf(sources.filter((source) => source.workspaceId === null));
}

const lastOf = (sources: readonly Source[]): number => Math.max(...sources.map(({ end }) => end));
