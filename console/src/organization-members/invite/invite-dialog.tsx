import { useState } from 'react';
import { type End, EndField, useEnd } from '../../access-ends/end-field';
import { namedEnd } from '../../access-ends/role-until';
import { type Api, apiIn, dataOf, pageOf } from '../../api/client';
import { WorkspaceSelect } from '../../common/workspace-select';
import { PeopleDialog } from '../../members/add/people-dialog';
import { type FindStates, findRows, heldRoles, type PreviewRow } from '../../members/add/preview-people';
import { RoleChoice, useChosenRole } from '../../members/add/role-choice';
import type { Tab } from '../../members/list/member-tabs';
import { at } from '../../members/list/listed';
import { type Role, useOrganizationRoles, useWorkspaceRoles } from '../../roles/role-list';
import { useOrganization } from '../../session/use-organization';
import { usePlace } from '../../session/use-workspaces';
import { usePageTexts } from '../../texts/texts';
import { inviteTexts } from './texts';

type Props = { onClose: () => void; onAdded: (tab: Tab) => void };

/** Invites people to the organization, and to workspaces of it. */
export function InviteDialog(events: Props) {
  const texts = usePageTexts(inviteTexts);
  const { api, orgId } = usePlace();
  const { data: organization } = useOrganization();
  const inOrganization = useChosenRole(useOrganizationRoles().data, 'ORGANIZATION_USER');
  const inWorkspaces = useChosenRole(useWorkspaceRoles().data, 'WORKSPACE_USER');
  const [workspaceIds, setWorkspaceIds] = useState<string[]>([]);
  const hasWorkspaces = workspaceIds.length > 0;
  const chosenEnd = useEnd();
  const { end } = chosenEnd;
  return (
    <PeopleDialog
      title={texts.title(organization?.display_name ?? '')}
      fields={
        <>
          <RoleChoice label={texts.role} {...inOrganization} />
          <WorkspaceSelect label={texts.workspaces} value={workspaceIds} onChange={setWorkspaceIds} />
          {hasWorkspaces && <RoleChoice label={texts.workspaceRole} {...inWorkspaces} />}
          <EndField {...chosenEnd} />
        </>
      }
      end={end}
      choices={
        inOrganization.role && {
          named: [...inOrganization.roles, ...inWorkspaces.roles],
          organizationRole: inOrganization.role,
          workspaceRole: hasWorkspaces ? inWorkspaces.role : null,
        }
      }
      findStates={(addresses) => statesInOrganization(orgId, workspaceIds, addresses)}
      sendLabel={texts.send}
      send={(rows, key) => invite(api, workspaceIds, rows, end, key)}
      {...events}
    />
  );
}

const PATH = '/api/v1/orgs/current/members';
const IN_WORKSPACE = '/api/v1/workspaces/current/members';

/** What docs/contract/invitations.md says of batches and of inviting again. */
async function statesInOrganization(
  orgId: string,
  workspaceIds: readonly string[],
  addresses: readonly string[],
): ReturnType<FindStates> {
  const api = apiIn({ orgId });
  const [members, pending, ...inWorkspaces] = await Promise.all([
    findRows(addresses, (query) => pageOf(api.GET(`${PATH}/active`, { params: { query } }))),
    findRows(addresses, (query) => pageOf(api.GET(`${PATH}/pending`, { params: { query } }))),
    ...workspaceIds.map((workspaceId) => rolesInWorkspace(apiIn({ orgId, workspaceId }), addresses)),
  ]);
  const changeOf = (id: string) => (role: Role) =>
    dataOf(api.PATCH(`${PATH}/{identity_id}`, { ...at({ id }), body: { role_id: role.id } }));
  const hasWorkspaces = workspaceIds.length > 0;
  const areAllIn = (ids: readonly string[] | null = []) => workspaceIds.every((id) => ids?.includes(id));
  return (address) => {
    const member = members.get(address);
    if (member) {
      const held = [
        ...heldRoles(member, changeOf(member.id)),
        ...inWorkspaces.flatMap((roles) => roles.get(address) ?? []),
      ];
      if (!areAllIn(member.tenant_ids)) return { state: 'joinsWorkspaces', held };
      return { state: hasWorkspaces ? 'memberOfWorkspaces' : 'memberOfOrganization', held };
    }
    const invitation = pending.get(address);
    if (!invitation) return { state: hasWorkspaces ? 'newInWorkspaces' : 'newInOrganization' };
    if (invitation.is_expired) return { state: 'expiredInOrganization' };
    return {
      state: areAllIn(invitation.workspace_ids) ? 'pendingInOrganization' : 'pendingInWorkspaces',
    };
  };
}

async function rolesInWorkspace(api: Api, addresses: readonly string[]) {
  const members = await findRows(addresses, (query) =>
    pageOf(api.GET(`${IN_WORKSPACE}/active`, { params: { query } })),
  );
  const changeOf = (id: string) => (role: Role) =>
    dataOf(api.PATCH(`${IN_WORKSPACE}/{identity_id}`, { ...at({ id }), body: { role_id: role.id } }));
  return new Map([...members].map(([address, member]) => [address, heldRoles(member, changeOf(member.id))]));
}

const invite = (
  api: Api,
  workspaceIds: readonly string[],
  rows: readonly PreviewRow[],
  end: End,
  idempotencyKey: string,
) =>
  dataOf(
    api.POST(`${PATH}/batch`, {
      params: { header: { 'Idempotency-Key': idempotencyKey } },
      body: rows.map(({ email, fullName, organizationRole, workspaceRole }) => ({
        email,
        full_name: fullName,
        role_id: organizationRole?.id,
        ...namedEnd(end),
        ...(workspaceRole ? { workspace_ids: [...workspaceIds], workspace_role_id: workspaceRole.id } : {}),
      })),
    }),
  );
