import { Injectable } from '@nestjs/common';
import type { OrgMembership } from '../../members/index.js';
import { ORG_ADMIN_ID, type Role } from '../../roles/index.js';
import { AccessPoliciesService, type AccessDecision, type AccessQuery } from '../../policies/index.js';
import { TaggingsService } from '../../tags/index.js';
import { WorkspacePermissions, type GroupRights } from '../../user-groups/index.js';

/** A resource with its tags, or with an id by which they are looked up. */
type Resource = NonNullable<AccessQuery['resource']> | { type: string; id: string };
export type AccessQuestion = Pick<AccessQuery, 'permission'> & { resource: Resource | null };

/** What the roles and policies of a member, those of user groups included, say about a resource of a workspace. */
@Injectable()
export class DecideAccess {
  constructor(
    private readonly policies: AccessPoliciesService,
    private readonly rights: WorkspacePermissions,
    private readonly taggings: TaggingsService,
  ) {}

  /** For a member of the workspace with this role. */
  async decide(
    workspaceId: string,
    member: OrgMembership,
    role: Role,
    { permission, resource }: AccessQuestion,
  ): Promise<AccessDecision> {
    const { roles, policies } = await this.rightsOfGroups(workspaceId, member);
    const query = { permission, resource: await this.withTags(workspaceId, resource) };
    return this.policies.decide(member.orgId, [role, ...roles], policies, query);
  }

  /** Organization Admins hold everything already; what their groups allow or deny does not matter. */
  private async rightsOfGroups(
    workspaceId: string,
    { orgId, userId, roleId }: OrgMembership,
  ): Promise<GroupRights> {
    if (roleId === ORG_ADMIN_ID) return { roles: [], policies: [] };
    return this.rights.findGroupRights(orgId, userId, workspaceId);
  }

  private async withTags(workspaceId: string, resource: Resource | null): Promise<AccessQuery['resource']> {
    if (!resource || 'tags' in resource) return resource;
    const { type, id } = resource;
    return { type, tags: await this.taggings.valuesByKey(workspaceId, { type, id }) };
  }
}
