import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { MemberNotFound, type OrgMembership } from '../../members/index.js';

/** $1 organization, $2 the id of the member's org membership. */
const PERSON = named('member_access_person')`
  select m.id, m.user_id as "userId", m.is_disabled as "isDisabled", u.email, u.full_name as "fullName"
  from current_org_memberships m join users u on u.id = m.user_id
  where m.org_id = $1 and m.id = $2`;

/** The columns of both membership tables. */
const HELD = `
  h.id, h.user_id, h.role_id, h.source, h.created_at, h.created_via, h.invitation_id, h.created_by_user_id,
  h.created_by_key_id, h.created_audit_entry_id, h.role_changed_at, h.role_changed_by_user_id,
  h.role_changed_by_key_id, h.role_changed_audit_entry_id, h.access_expires_at, h.reverts_to_role_id,
  h.access_expires_set_by_user_id`;

/** A membership that a rule created and a user changed later: no user created it, and the change was a decision. */
export const IS_HANDED_OVER = `
  h.source = 'manual' and h.created_via in ('jit', 'sso_group', 'scim_user', 'scim_group')`;

/** `user`: the joined account of the user; without an e-mail if it no longer exists. */
const actor = (by: string, user: string) => `
  case when h.${by}_user_id is not null or h.${by}_key_id is not null then jsonb_build_object(
    'userId', h.${by}_user_id, 'email', ${user}.email, 'credentialId', h.${by}_key_id) end`;

/** $1 organization, $2 the id of the member's org membership. That one first, then those of workspaces. */
export const MEMBERSHIPS = named('member_access_memberships')`
  with held as (
    select null::uuid as workspace_id, ${HELD} from current_org_memberships h where h.org_id = $1 and h.id = $2
    union all
    select h.workspace_id, ${HELD}
    from current_org_memberships m join current_workspace_memberships h on h.org_id = m.org_id and h.user_id = m.user_id
    where m.org_id = $1 and m.id = $2)
  select h.id, h.workspace_id as "workspaceId", r.id as "roleId", r.display_name as "roleName", r.permissions,
    h.source, h.created_at as "createdAt", i.id as "invitationId", i.created_at as "invitedAt",
    h.created_audit_entry_id as "entryId",
    case when ${IS_HANDED_OVER} then ${actor('role_changed_by', 'd')}
      else ${actor('created_by', 'c')} end as by,
    h.role_changed_audit_entry_id as "changeId", h.role_changed_at as "changedAt",
    ${actor('role_changed_by', 'd')} as "changedBy",
    h.access_expires_at as "endsAt", case when h.access_expires_at is not null then
      jsonb_build_object('userId', h.access_expires_set_by_user_id, 'email', e.email, 'credentialId', null) end as "endSetBy",
    b.id as "revertsToRoleId", b.display_name as "revertsToRoleName"
  from held h
  join roles r on r.id = h.role_id
  left join invitations i on i.id = h.invitation_id
  left join users c on c.id = h.created_by_user_id
  left join users d on d.id = h.role_changed_by_user_id
  left join users e on e.id = h.access_expires_set_by_user_id
  left join roles b on b.id = h.reverts_to_role_id
  order by h.workspace_id is not null`;

/** $1 organization, $2 user: the workspaces with their own role there, oldest first. */
export const WORKSPACES = named('member_access_workspaces')`
  select w.id, w.display_name as name, r.id as "roleId", r.display_name as "roleName", r.permissions,
    e.through = 'organization_role' as "isByOrgRole"
  from effective_roles e join workspaces w on w.id = e.workspace_id join roles r on r.id = e.role_id
  where e.kind = 'user' and e.org_id = $1 and e.subject_id = $2 and e.through <> 'user_group_role'
  order by w.created_at, w.id`;

/** $1 organization, $2 user: their groups, with each role that these give in workspaces; null if they give none. */
export const GROUPS = named('member_access_groups')`
  select c.workspace_id as "workspaceId", g.id, g.name, r.id as "roleId", r.display_name as "roleName", r.permissions,
    m.source, m.created_at as "addedAt", m.access_expires_at as "endsAt",
    least(m.access_expires_at, c.ends_at) as "roleEndsAt"
  from current_user_group_members m
  join organizations o on o.id = m.org_id
  join user_groups g on g.id = m.user_group_id
  left join current_user_group_grants c on o.can_use_user_groups and c.group_id = g.id
  left join roles r on r.id = c.role_id
  where m.org_id = $1 and m.user_id = $2
  order by lower(g.name), g.id`;

/**
 * $1 organization, $2 user: what is attached to their roles and groups in workspaces. Policies of roles begin with those of the
 * organization: a system role has the policies of all organizations.
 */
export const POLICIES = named('member_access_policies')`
  with held as materialized (
    select workspace_id, role_id, group_id, policy_ids from effective_roles
    where kind = 'user' and org_id = $1 and subject_id = $2 and workspace_id is not null)
  select a.workspace_id as "workspaceId", p.id, p.name, p.effect, a.user_group_id as "userGroupId"
  from (
    select h.workspace_id, r.access_policy_id, null::uuid as user_group_id
    from access_policies p
    join access_policy_roles r on r.access_policy_id = p.id
    join held h on h.role_id = r.role_id
    where p.org_id = $1
    union
    select workspace_id, unnest(policy_ids), group_id from held) a
  join access_policies p on p.id = a.access_policy_id and p.org_id = $1
  order by lower(p.name), p.id`;

/** Who made a change: a user, a key, or a user with a key. */
export type ChangeActor = {
  readonly userId: string | null;
  readonly email: string | null;
  readonly credentialId: string | null;
};

/** `entryId` and `changeId` name entries of the audit log, which retention may have removed. */
export type ExplainedMembership = Pick<OrgMembership, 'id' | 'roleId' | 'source' | 'createdAt'> & {
  readonly roleName: string;
  readonly permissions: readonly string[];
  readonly by: ChangeActor | null;
  readonly invitationId: string | null;
  readonly invitedAt: Date | null;
  readonly entryId: string | null;
  readonly changeId: string | null;
  readonly changedAt: Date | null;
  readonly changedBy: ChangeActor | null;
  /** Null: permanent. */
  readonly endsAt: Date | null;
  readonly endSetBy: ChangeActor | null;
  /** The role from the end on; null: the membership ends. */
  readonly revertsToRoleId: string | null;
  readonly revertsToRoleName: string | null;
};

/** A user group of the member. */
export type JoinedGroup = {
  readonly id: string;
  readonly name: string;
  readonly source: 'manual' | 'scim' | 'sso_group';
  readonly addedAt: Date;
  /** Of the membership; null: permanent. */
  readonly endsAt: Date | null;
};

/** A user group that gives the member a role in a workspace. */
export type ExplainedGroup = JoinedGroup & {
  readonly workspaceId: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly permissions: readonly string[];
  /** The earlier end of the membership and of the role of the group. */
  readonly roleEndsAt: Date | null;
};

/** `userGroupId`: null for a policy that is attached to a role. */
type ExplainedPolicy = {
  readonly workspaceId: string;
  readonly id: string;
  readonly name: string;
  readonly effect: 'allow' | 'deny';
  readonly userGroupId: string | null;
};

type ExplainedWorkspaceMembership = ExplainedMembership & { readonly workspaceId: string };

export type ExplainedWorkspace = {
  readonly id: string;
  readonly name: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly permissions: readonly string[];
  readonly isByOrgRole: boolean;
  readonly membership: ExplainedMembership | null;
  readonly groups: readonly ExplainedGroup[];
  readonly policies: readonly ExplainedPolicy[];
};

type MemberSummary = {
  readonly id: string;
  readonly userId: string;
  readonly isDisabled: boolean;
  readonly email: string;
  readonly fullName: string | null;
};

export type ExplainedMember = MemberSummary & {
  readonly membership: ExplainedMembership;
  readonly workspaces: readonly ExplainedWorkspace[];
  readonly groups: readonly JoinedGroup[];
};

/** What a member may do in an organization, and where each right comes from, however many workspaces there are. */
@Injectable()
export class MemberAccessReport {
  constructor(private readonly sql: Sql) {}

  /** Members may ask about themselves; callers with `organization:manage` about every member. */
  async explain(principal: OrgPrincipal, membershipId: string): Promise<ExplainedMember> {
    const { orgId } = principal;
    const member = await this.sql.row<MemberSummary>(PERSON, [orgId, membershipId]);
    if (!principal.can('organization:manage') && member?.userId !== principal.userId)
      throw new PermissionMissing('organization:manage');
    if (!member) throw new MemberNotFound();
    const memberships = await this.sql.rows<ExplainedWorkspaceMembership>(MEMBERSHIPS, [orgId, membershipId]);
    const [membership, ...workspaceMemberships] = memberships;
    if (!membership) throw new MemberNotFound(); // removed between the two statements
    const values = [orgId, member.userId];
    const workspaces = await this.sql.rows<ExplainedWorkspace>(WORKSPACES, values);
    const groups = await this.sql.rows<GroupRow>(GROUPS, values);
    const granted = groups.filter((group) => group.workspaceId !== null);
    const policies = await this.sql.rows<ExplainedPolicy>(POLICIES, values);
    const ownIn = new Map(workspaceMemberships.map((own) => [own.workspaceId, own]));
    const groupsIn = Map.groupBy(granted, ({ workspaceId }) => workspaceId);
    const policiesIn = Map.groupBy(policies, ({ workspaceId }) => workspaceId);
    return {
      ...member,
      membership,
      workspaces: workspaces.map((workspace) => ({
        ...workspace,
        membership: ownIn.get(workspace.id) ?? null,
        groups: groupsIn.get(workspace.id) ?? [],
        policies: policiesIn.get(workspace.id) ?? [],
      })),
      groups: [...new Map(groups.map((group) => [group.id, group])).values()],
    };
  }
}

/** A group has a row for each of its roles, or one without. */
type GroupRow = ExplainedGroup | (JoinedGroup & { readonly workspaceId: null });
