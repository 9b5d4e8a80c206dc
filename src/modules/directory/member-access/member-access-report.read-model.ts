import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Sql } from '../../../database/sql.js';
import { MemberNotFound, type OrgMembership } from '../../members/index.js';
import { ORG_ADMIN_ID, systemRole } from '../../rbac/index.js';
import { GROUPS, MEMBERSHIPS, PERSON, WORKSPACES } from './member-access.statements.js';

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
  readonly role: { readonly id: string; readonly name: string; readonly permissions: readonly string[] };
  readonly isByOrgRole: boolean;
  readonly membership: ExplainedMembership | null;
  readonly groups: readonly ExplainedGroup[];
};

type OwnAccess = Omit<ExplainedWorkspace, 'groups'>;

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
    const isAdmin = membership.roleId === ORG_ADMIN_ID;
    const workspaces = isAdmin
      ? await this.listAllWorkspaces(orgId, workspaceMemberships)
      : workspaceMemberships.map(toOwnAccess);
    const groups = await this.sql.rows<ExplainedGroup>(GROUPS, [orgId, member.userId]);
    const groupsIn = Map.groupBy(groups, ({ workspaceId }) => workspaceId);
    return {
      ...member,
      membership,
      workspaces: workspaces.map((workspace) => ({ ...workspace, groups: groupsIn.get(workspace.id) ?? [] })),
    };
  }

  private async listAllWorkspaces(
    orgId: string,
    workspaceMemberships: readonly ExplainedWorkspaceMembership[],
  ): Promise<OwnAccess[]> {
    const workspaces = await this.sql.rows<{ id: string; name: string }>(WORKSPACES, [orgId]);
    const membershipByWorkspace = new Map(
      workspaceMemberships.map((membership) => [membership.workspaceId, membership]),
    );
    return workspaces.map(({ id, name }) => ({
      id,
      name,
      role: ADMIN,
      isByOrgRole: true,
      membership: membershipByWorkspace.get(id) ?? null,
    }));
  }
}

const { id, displayName: name, permissions } = systemRole('WORKSPACE_ADMIN');
const ADMIN = { id, name, permissions };

const toOwnAccess = (membership: ExplainedWorkspaceMembership): OwnAccess => ({
  id: membership.workspaceId,
  name: membership.workspaceName,
  role: { id: membership.roleId, name: membership.roleName, permissions: membership.permissions },
  isByOrgRole: false,
  membership: membership,
});
