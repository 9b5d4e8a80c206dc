import type { OrganizationMembers, TenantMembers } from '../../../contract/invitations.js';
import { toOrgPending, toWorkspacePending } from '../../invitations/index.js';
import { toOrgMember, toWorkspaceMember } from '../../members/index.js';
import type { OrgRoster, WorkspaceRoster } from './member-roster.js';

export const toOrganizationMembers = (roster: OrgRoster): OrganizationMembers => ({
  organization_id: roster.orgId,
  members: roster.members.map(toOrgMember),
  pending: roster.pending.map(toOrgPending),
});

export const toTenantMembers = (roster: WorkspaceRoster): TenantMembers => ({
  tenant_id: roster.workspaceId,
  members: roster.members.map(toWorkspaceMember),
  pending: roster.pending.map(toWorkspacePending(roster.workspaceId)),
});
