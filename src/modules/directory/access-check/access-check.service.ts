import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import {
  MemberNotFound,
  type OrgMembership,
  OrgMembersService,
  WorkspaceMembersService,
} from '../../members/index.js';
import { ORG_ADMIN_ID, type Role, RolesService, systemRole } from '../../roles/index.js';
import { type AccessDecision } from '../../policies/index.js';
import { WorkspaceNotFound, WorkspacesService } from '../../workspaces/index.js';
import { type AccessQuestion, DecideAccess } from './decide-access.js';

/** The subject of a check: a user, or one of their memberships. */
export type AccessSubject = { userId: string } | { membershipId: string };
export type AccessCheck = AccessQuestion & { subject: AccessSubject; workspaceId: string };
/** `role`: the user's own role in the workspace, whether or not it decided. */
export type AccessResult = AccessDecision & { role: Role | null };

/**
 * Tells other services whether a member may do something with a resource, by the member's roles in the workspace, their
 * own and those of user groups, and by the policies attached to these. Members may ask about themselves; callers with `organization:manage` about every member.
 */
@Injectable()
export class AccessCheckService {
  constructor(
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly decisions: DecideAccess,
  ) {}

  async check(
    principal: OrgPrincipal,
    { subject, workspaceId, permission, resource }: AccessCheck,
  ): Promise<AccessResult> {
    const { orgId } = principal;
    const managesOrg = principal.can('organization:manage');
    const member = await this.find(orgId, subject);
    if (!managesOrg && member?.userId !== principal.userId)
      throw new PermissionMissing('organization:manage');
    if (!member) throw new MemberNotFound();
    await this.workspaces.get(orgId, workspaceId);
    const role = await this.roleIn(workspaceId, member);
    if (!role && !managesOrg) throw new WorkspaceNotFound(workspaceId); // does not reveal that it exists
    if (!role || member.isDisabled) return { ...NOT_GRANTED, role };
    return { ...(await this.decisions.decide(workspaceId, member, role, { permission, resource })), role };
  }

  private async find(orgId: string, about: AccessSubject): Promise<OrgMembership | null> {
    if ('membershipId' in about) return this.members.find(orgId, about.membershipId);
    return (await this.members.findByUsers(orgId, [about.userId])).get(about.userId) ?? null;
  }

  /** An organization admin is Admin in every workspace, whatever workspace role they hold. */
  private async roleIn(workspaceId: string, { orgId, userId, roleId }: OrgMembership): Promise<Role | null> {
    if (roleId === ORG_ADMIN_ID) return this.roles.get(orgId, WORKSPACE_ADMIN_ID, 'workspace');
    const [membership] = await this.workspaceMembers.listInWorkspace(workspaceId, [userId]);
    return membership ? this.roles.get(orgId, membership.roleId, 'workspace') : null;
  }
}

const WORKSPACE_ADMIN_ID = systemRole('WORKSPACE_ADMIN').id;

/** Policies apply to members of the workspace only, and these have a role. */
const NOT_GRANTED: AccessDecision = { allowed: false, reason: 'not_granted', policyId: null };
