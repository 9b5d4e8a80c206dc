import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Sql } from '../../../database/transactions/sql.js';
import { MemberNotFound, type OrgMembership } from '../../members/index.js';
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

/**
 * Explains what a member may do in an organization and where each right comes from. A read model over memberships,
 * invitations, user groups, policies and users, in five statements, however many workspaces there are.
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
