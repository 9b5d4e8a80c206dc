import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { RowList } from '../../../common/lists/streamed-rows.js';
import type { OrganizationMembers, TenantMembers } from '../../../contract/invitations.js';
import { toOrgPending, toWorkspacePending } from '../../invitations/index.js';
import { toOrgMember, toWorkspaceMember } from '../../members/index.js';
import type { OrgRoster, WorkspaceRoster } from './member-roster.js';

/** A response whose lists may be streamed. */
type WithLists<Response> = {
  [Name in keyof Response]: Response[Name] extends readonly (infer Row)[] ? RowList<Row> : Response[Name];
};

export const toOrganizationMembers = (
  principal: OrgPrincipal,
  roster: OrgRoster,
): WithLists<OrganizationMembers> => ({
  organization_id: roster.orgId,
  members: roster.members.map(toOrgMember),
  pending: roster.pending.map(toOrgPending(principal)),
});

export const toTenantMembers = (
  principal: OrgPrincipal,
  roster: WorkspaceRoster,
): WithLists<TenantMembers> => ({
  tenant_id: roster.workspaceId,
  members: roster.members.map(toWorkspaceMember),
  pending: roster.pending.map(toWorkspacePending(principal, roster.workspaceId)),
});
