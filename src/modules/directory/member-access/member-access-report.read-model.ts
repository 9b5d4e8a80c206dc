import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Sql } from '../../../database/transactions/sql.js';
import { MemberNotFound, type OrgMembership } from '../../members/index.js';
import { ORG_ADMIN_ID, systemRole } from '../../roles/index.js';
import { GROUPS, MEMBERSHIPS, PERSON, POLICIES, WORKSPACES } from './member-access.statements.js';

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
export type ExplainedPolicy = {
  readonly workspaceId: string;
  readonly id: string;
  readonly name: string;
  readonly effect: 'allow' | 'deny';
  readonly userGroupId: string | null;
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

/**
 * Explains what a member may do in an organization and where each right comes from. A read model over memberships,
 * invitations, user groups, policies and users, in at most five statements, however many workspaces there are.
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
    const groups = await this.sql.rows<GroupRow>(GROUPS, [orgId, member.userId]);
    const granted = groups.filter((group) => group.workspaceId !== null);
    const groupsIn = Map.groupBy(granted, ({ workspaceId }) => workspaceId);
    const explained = workspaces.map((workspace) => ({
      ...workspace,
      isByOrgRole,
      groups: groupsIn.get(workspace.id) ?? [],
    }));
    const policiesIn = await this.policiesIn(orgId, isByOrgRole ? null : member.userId, explained);
    return {
      ...member,
      membership,
      workspaces: explained.map((one) => ({ ...one, policies: policiesIn.get(one.id) ?? [] })),
      groups: [...new Map(groups.map((group) => [group.id, group])).values()],
    };
  }

  /** By workspace: policies attached to the roles and, for the user if there is one, to the groups. */
  private async policiesIn(
    orgId: string,
    userId: string | null,
    workspaces: readonly Pick<ExplainedWorkspace, 'id' | 'role' | 'groups'>[],
  ): Promise<Map<string, ExplainedPolicy[]>> {
    const roles = workspaces.flatMap(({ id, role, groups }) =>
      [role, ...(userId === null ? [] : groups)].map(({ roleId }) => ({ id, roleId })),
    );
    const values = [orgId, roles.map(({ id }) => id), roles.map((held) => held.roleId), userId];
    return Map.groupBy(await this.sql.rows<ExplainedPolicy>(POLICIES, values), (one) => one.workspaceId);
  }
}

/** A group has a row for each of its roles, or one without. */
type GroupRow = ExplainedGroup | (JoinedGroup & { readonly workspaceId: null });

type NamedWorkspace = { readonly id: string; readonly name: string };

const { id: roleId, displayName: roleName, permissions } = systemRole('WORKSPACE_ADMIN');
const ADMIN = { roleId, roleName, permissions };
