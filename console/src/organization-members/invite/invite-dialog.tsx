import { useState } from 'react';
import { type End, EndField, useEnd } from '../../access-ends/end-field';
import { namedEnd } from '../../access-ends/role-until';
import { type Api, dataOf, pageOf } from '../../api/client';
import { WorkspaceSelect } from '../../common/workspace-select';
import { PeopleDialog } from '../../members/add/people-dialog';
import { type FindStates, findRows, type PreviewRow } from '../../members/add/preview-people';
import { RoleChoice, useChosenRole } from '../../members/add/role-choice';
import type { Tab } from '../../members/member-tabs';
import { useOrganizationRoles, useWorkspaceRoles } from '../../members/use-members';
import { useOrganization } from '../../shell/use-organization';
import { usePlace } from '../../shell/use-workspaces';
import { usePageTexts } from '../../texts/texts';
import { inviteTexts } from './texts';

type Props = { onClose: () => void; onAdded: (tab: Tab) => void };

/** Invites people to the organization, and to workspaces of it. */
export function InviteDialog(events: Props) {
  const texts = usePageTexts(inviteTexts);
  const { api } = usePlace();
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
      findStates={(addresses) => statesInOrganization(api, workspaceIds, addresses)}
      sendLabel={texts.send}
      send={(rows, key) => invite(api, workspaceIds, rows, end, key)}
      {...events}
    />
  );
}

const PATH = '/api/v1/orgs/current/members';

/** What docs/contract/invitations.md says of batches and of inviting again. */
async function statesInOrganization(
  api: Api,
  workspaceIds: readonly string[],
  addresses: readonly string[],
): ReturnType<FindStates> {
  const [members, pending] = await Promise.all([
    findRows(addresses, (query) => pageOf(api.GET(`${PATH}/active`, { params: { query } }))),
    findRows(addresses, (query) => pageOf(api.GET(`${PATH}/pending`, { params: { query } }))),
  ]);
  const hasWorkspaces = workspaceIds.length > 0;
  const areAllIn = (ids: readonly string[] | null = []) => workspaceIds.every((id) => ids?.includes(id));
  return (address) => {
    const member = members.get(address);
    if (member && !areAllIn(member.tenant_ids)) return 'joinsWorkspaces';
    if (member) return hasWorkspaces ? 'memberOfWorkspaces' : 'memberOfOrganization';
    const invitation = pending.get(address);
    if (!invitation) return hasWorkspaces ? 'newInWorkspaces' : 'newInOrganization';
    if (invitation.is_expired) return 'expiredInOrganization';
    return areAllIn(invitation.workspace_ids) ? 'pendingInOrganization' : 'pendingInWorkspaces';
  };
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
