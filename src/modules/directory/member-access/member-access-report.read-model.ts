import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Sql } from '../../../database/transactions/sql.js';
import { MemberNotFound, type OrgMembership } from '../../members/index.js';
import { ORG_ADMIN_ID, systemRole } from '../../roles/index.js';

/** Who made a change: a user, a key, or a user with a key. */
export type ChangeActor = {
  readonly userId: string | null;
  readonly email: string | null;
  readonly credentialId: string | null;
};

/**
 * A membership with everything that is known about its origin. `entryId` and `changeId` name entries of the audit log,
 * which retention may have removed.
 */
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
};

/** A user group that gives the member a role in a workspace. */
export type ExplainedGroup = {
  readonly id: string;
  readonly name: string;
  readonly workspaceId: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly permissions: readonly string[];
  readonly source: 'manual' | 'scim' | 'sso_group';
  readonly addedAt: Date;
};

type ExplainedWorkspaceMembership = ExplainedMembership & {
  readonly workspaceId: string;
  readonly workspaceName: string;
};

export type ExplainedWorkspace = {
  readonly id: string;
  readonly name: string;
  readonly role: Pick<ExplainedMembership, 'roleId' | 'roleName' | 'permissions'>;
  readonly isByOrgRole: boolean;
  readonly membership: ExplainedMembership | null;
  readonly groups: readonly ExplainedGroup[];
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
};

/**
 * Explains what a member may do in an organization and where each right comes from. A read model over memberships,
 * invitations, user groups and users, in at most four statements, however many workspaces there are.
 */
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
    const isByOrgRole = membership.roleId === ORG_ADMIN_ID;
    const ownIn = new Map(workspaceMemberships.map((own) => [own.workspaceId, own]));
    const workspaces = isByOrgRole
      ? (await this.sql.rows<NamedWorkspace>(WORKSPACES, [orgId])).map((workspace) => ({
          ...workspace,
          role: ADMIN,
          membership: ownIn.get(workspace.id) ?? null,
        }))
      : workspaceMemberships.map((own) => ({
          id: own.workspaceId,
          name: own.workspaceName,
          role: own,
          membership: own,
        }));
    const groups = await this.sql.rows<ExplainedGroup>(GROUPS, [orgId, member.userId]);
    const groupsIn = Map.groupBy(groups, ({ workspaceId }) => workspaceId);
    return {
      ...member,
      membership,
      workspaces: workspaces.map((workspace) => ({
        ...workspace,
        isByOrgRole,
        groups: groupsIn.get(workspace.id) ?? [],
      })),
    };
  }
}

type NamedWorkspace = { readonly id: string; readonly name: string };

const { id: roleId, displayName: roleName, permissions } = systemRole('WORKSPACE_ADMIN');
const ADMIN = { roleId, roleName, permissions };

/** $1 organization, $2 the id of the member's org membership. */
const PERSON = {
  name: 'member_access_person',
  text: `
    select m.id, m.user_id as "userId", m.is_disabled as "isDisabled", u.email, u.full_name as "fullName"
    from org_memberships m join users u on u.id = m.user_id
    where m.org_id = $1 and m.id = $2`,
};

/** The columns of both membership tables. */
const HELD = `
  h.id, h.user_id, h.role_id, h.source, h.created_at, h.created_via, h.invitation_id, h.created_by_user_id,
  h.created_by_key_id, h.created_audit_entry_id, h.role_changed_at, h.role_changed_by_user_id,
  h.role_changed_by_key_id, h.role_changed_audit_entry_id`;

/** A membership that a rule created and a user changed later: no user created it, and the change was a decision. */
const IS_HANDED_OVER = `
  h.source = 'manual' and h.created_via in ('jit', 'sso_group', 'scim_user', 'scim_group')`;

/** \`user\`: the joined account of the user; without an e-mail if it no longer exists. */
const actor = (by: string, user: string) => `
  case when h.${by}_user_id is not null or h.${by}_key_id is not null then jsonb_build_object(
    'userId', h.${by}_user_id, 'email', ${user}.email, 'credentialId', h.${by}_key_id) end`;

/**
 * $1 organization, $2 the id of the member's org membership. That one first, then those of workspaces, oldest workspace
 * first.
 */
export const MEMBERSHIPS = {
  name: 'member_access_memberships',
  text: `
    with held as (
      select null::uuid as workspace_id, ${HELD} from org_memberships h where h.org_id = $1 and h.id = $2
      union all
      select h.workspace_id, ${HELD}
      from org_memberships m join workspace_memberships h on h.org_id = m.org_id and h.user_id = m.user_id
      where m.org_id = $1 and m.id = $2)
    select h.id, h.workspace_id as "workspaceId", v.display_name as "workspaceName",
      r.id as "roleId", r.display_name as "roleName", r.permissions,
      h.source, h.created_at as "createdAt", i.id as "invitationId", i.created_at as "invitedAt",
      h.created_audit_entry_id as "entryId",
      case when ${IS_HANDED_OVER} then ${actor('role_changed_by', 'd')}
        else ${actor('created_by', 'c')} end as by,
      h.role_changed_audit_entry_id as "changeId", h.role_changed_at as "changedAt",
      ${actor('role_changed_by', 'd')} as "changedBy"
    from held h
    join roles r on r.id = h.role_id
    left join workspaces v on v.id = h.workspace_id
    left join invitations i on i.id = h.invitation_id
    left join users c on c.id = h.created_by_user_id
    left join users d on d.id = h.role_changed_by_user_id
    order by h.workspace_id is not null, v.created_at, v.id`,
};

/** $1 organization, $2 user: the groups that give roles in workspaces, and the children in them. */
const GROUPS = {
  name: 'member_access_groups',
  text: `
    select c.workspace_id as "workspaceId", g.id, g.name, r.id as "roleId", r.display_name as "roleName", r.permissions,
      m.source, m.created_at as "addedAt"
    from user_group_members m
    join organizations o on o.id = m.org_id and o.can_use_user_groups
    join user_groups g on g.id = m.user_group_id
    join user_groups c on c.workspace_id is not null and (c.parent_user_group_id = g.id or c.id = g.id)
    join roles r on r.id = c.role_id
    where m.org_id = $1 and m.user_id = $2
    order by lower(g.name), g.id`,
};

/** $1 organization. */
const WORKSPACES = {
  name: 'member_access_workspaces',
  text: 'select id, display_name as name from workspaces where org_id = $1 order by created_at, id',
};
