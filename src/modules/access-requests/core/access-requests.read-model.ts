import { Injectable } from '@nestjs/common';
import type { GrantedGroup } from '../../../common/access/access-limits.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { grantsOf } from '../../user-groups/index.js';
import type { AccessRequest, AccessRequestState } from './entities.js';

type Person = { readonly userId: string; readonly email: string; readonly fullName: string | null };

/** A request with the names of what it is about. `state`: by the database's clock. */
export type ListedAccessRequest = AccessRequest & {
  readonly workspaceName: string | null;
  readonly userGroupName: string | null;
  readonly roleName: string | null;
  readonly fromRoleName: string | null;
  readonly decidedRoleName: string | null;
  readonly requester: Person;
  /** Null also if they are no longer a member. */
  readonly decidedBy: Person | null;
};

/** A role in a workspace, or a user group with what it gives, that at least one request is about. */
export type RequestedTarget =
  | { readonly workspaceId: string; readonly roleId: string; readonly userGroupId: null }
  | {
      readonly workspaceId: null;
      readonly roleId: null;
      readonly userGroupId: string;
      readonly grants: readonly GrantedGroup[];
    };

/** The targets about which a caller decides; null: about all. */
export type DecidableTargets = readonly RequestedTarget[] | null;

/** Where the caller may add members: workspaces (null: all), and whether to user groups. */
export type ManagedPlaces = {
  readonly workspaceIds: readonly string[] | null;
  readonly userGroups: boolean;
};

export type RequestSelection = {
  readonly id: string | null;
  readonly state: AccessRequestState | null;
  /** Whose requests are selected whatever they are about; null: no user's. */
  readonly ownerId: string | null;
  /** Whose requests are left out; null: no user's. */
  readonly exceptOwnerId: string | null;
};

const person = (user: string) =>
  `jsonb_build_object('userId', ${user}.id, 'email', ${user}.email, 'fullName', ${user}.full_name)`;

const STATE = `case when r.state = 'pending' and r.expires_at <= now() then 'expired' else r.state end`;

/**
 * $2 request, $3 state, $4 owner and $5 excepted owner may be null; $6: about all targets, $7 and $8 workspaces with roles, $9
 * user groups.
 */
const SELECTED = `
  r.org_id = $1 and ($2::uuid is null or r.id = $2) and ($3::text is null or ${STATE} = $3)
    and r.requester_id is distinct from $5
    and (r.requester_id = $4 or $6 or r.user_group_id = any($9::uuid[])
      or (r.workspace_id, r.role_id) in (select * from unnest($7::uuid[], $8::uuid[])))`;

const COUNT: Statement = named('access_requests_count_selected')`
  select count(*)::int as total from access_requests r where ${SELECTED}`;

/** Newest first. $10: the last request of the page before, or null. */
const LIST: Statement = named('access_requests_list')`
  select r.id, r.org_id as "orgId", r.requester_id as "requesterId", r.workspace_id as "workspaceId",
    r.role_id as "roleId", r.from_role_id as "fromRoleId", r.user_group_id as "userGroupId", r.reason,
    r.duration_seconds as "durationSeconds", ${STATE} as state, r.created_at as "createdAt", r.expires_at as "expiresAt",
    r.decided_at as "decidedAt", r.decided_by_user_id as "decidedByUserId", r.decided_role_id as "decidedRoleId",
    r.access_expires_at as "accessExpiresAt", r.decline_reason as "declineReason",
    w.display_name as "workspaceName", g.name as "userGroupName", o.display_name as "roleName",
    f.display_name as "fromRoleName", d.display_name as "decidedRoleName", ${person('u')} as requester,
    case when b.id is not null then ${person('b')} end as "decidedBy"
  from access_requests r
  join users u on u.id = r.requester_id
  left join workspaces w on w.id = r.workspace_id
  left join user_groups g on g.id = r.user_group_id
  left join roles o on o.id = r.role_id
  left join roles f on f.id = r.from_role_id
  left join roles d on d.id = r.decided_role_id
  left join current_org_memberships m on m.org_id = r.org_id and m.user_id = r.decided_by_user_id
  left join users b on b.id = m.user_id
  where ${SELECTED} and ($10::uuid is null or r.id < $10)
  order by r.id desc limit $11`;

/** $1 organization, $2 request or null, $3 workspaces or null for all, $4 whether with user groups. */
const TARGETS: Statement = named('access_requests_targets')`
  select t.workspace_id as "workspaceId", t.role_id as "roleId", t.user_group_id as "userGroupId",
    case when t.user_group_id is not null then ${grantsOf('t.user_group_id')} end as grants
  from (
    select distinct workspace_id, role_id, user_group_id from access_requests
    where org_id = $1 and ($2::uuid is null or id = $2)
      and case when workspace_id is null then $4 else $3::uuid[] is null or workspace_id = any($3) end) t`;

@Injectable()
export class AccessRequestsReadModel {
  constructor(private readonly sql: Sql) {}

  list(
    orgId: string,
    selection: RequestSelection,
    targets: DecidableTargets,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<ListedAccessRequest[]> {
    const values = [...selectedBy(orgId, selection, targets), page.before, page.limit];
    return this.sql.rows<ListedAccessRequest>(LIST, values);
  }

  async count(orgId: string, selection: RequestSelection, targets: DecidableTargets): Promise<number> {
    return (await this.sql.one<{ total: number }>(COUNT, selectedBy(orgId, selection, targets))).total;
  }

  /** What requests in these places are about, or the one with this id; each once. */
  listTargets(orgId: string, places: ManagedPlaces, id: string | null): Promise<RequestedTarget[]> {
    return this.sql.rows<RequestedTarget>(TARGETS, [orgId, id, places.workspaceIds, places.userGroups]);
  }
}

function selectedBy(
  orgId: string,
  { id, state, ownerId, exceptOwnerId }: RequestSelection,
  targets: DecidableTargets,
): unknown[] {
  const places = (targets ?? []).filter(({ workspaceId }) => workspaceId !== null);
  return [
    orgId,
    id,
    state,
    ownerId,
    exceptOwnerId,
    targets === null,
    places.map(({ workspaceId }) => workspaceId),
    places.map(({ roleId }) => roleId),
    (targets ?? []).flatMap(({ userGroupId }) => userGroupId ?? []),
  ];
}
