import { Text } from '@mantine/core';
import { type End, EndField, useEnd } from '../../access-ends/end-field';
import { namedEnd } from '../../access-ends/role-until';
import { type Api, dataOf, pageOf } from '../../api/client';
import { usePlace, type Workspace } from '../../session/use-workspaces';
import { useTexts } from '../../texts/texts';
import type { Tab } from '../list/member-tabs';
import { at } from '../list/listed';
import { type Role, useWorkspaceRoles } from '../../roles/role-list';
import { PeopleDialog } from './people-dialog';
import { type FindStates, findRows, heldRoles, type PreviewRow } from './preview-people';
import { RoleChoice, useChosenRole } from './role-choice';

type Props = { workspace: Workspace; onClose: () => void; onAdded: (tab: Tab) => void };

/** Adds members of the organization to a workspace, and invites new people where that is allowed. */
export function AddMembersDialog({ workspace, ...events }: Props) {
  const { add } = useTexts();
  const { api } = usePlace();
  const choice = useChosenRole(useWorkspaceRoles().data, 'WORKSPACE_USER'); // reads and writes, manages no members
  const chosenEnd = useEnd();
  const { end } = chosenEnd;
  const mayInvite = workspace.invite_access?.may_invite_new_people ?? false;
  return (
    <PeopleDialog
      title={add.title(workspace.display_name)}
      intro={
        <Text size="sm" c="dimmed">
          {mayInvite ? add.mayInvite : add.mayOnlyAdd}
        </Text>
      }
      fields={
        <>
          <RoleChoice label={add.role} {...choice} />
          <EndField {...chosenEnd} />
        </>
      }
      end={end}
      choices={choice.role && { named: choice.roles, workspaceRole: choice.role, organizationRole: null }}
      findStates={(addresses) => statesInWorkspace(api, mayInvite, addresses)}
      sendLabel={add.send}
      send={(rows, key) => addToWorkspace(api, rows, end, key)}
      {...events}
    />
  );
}

async function statesInWorkspace(
  api: Api,
  mayInvite: boolean,
  addresses: readonly string[],
): ReturnType<FindStates> {
  const here = '/api/v1/workspaces/current/members';
  const inOrg = '/api/v1/orgs/current/members';
  const [members, pending, orgMembers, orgPending] = await Promise.all([
    findRows(addresses, (query) => pageOf(api.GET(`${here}/active`, { params: { query } }))),
    findRows(addresses, (query) => pageOf(api.GET(`${here}/pending`, { params: { query } }))),
    findRows(addresses, (query) => pageOf(api.GET(`${inOrg}/active`, { params: { query } }))),
    findRows(addresses, (query) => pageOf(api.GET(`${inOrg}/pending`, { params: { query } }))),
  ]);
  const changeOf = (id: string) => (role: Role) =>
    dataOf(api.PATCH(`${here}/{identity_id}`, { ...at({ id }), body: { role_id: role.id } }));
  return (address) => {
    const member = members.get(address);
    if (member) return { state: 'memberHere', held: heldRoles(member, changeOf(member.id)) };
    if (pending.has(address)) return { state: 'pendingHere' };
    if (orgMembers.has(address)) return { state: 'inOrganization' };
    if (!mayInvite) return { state: 'notAllowed' };
    return { state: orgPending.has(address) ? 'pendingElsewhere' : 'new' };
  };
}

const addToWorkspace = (api: Api, rows: readonly PreviewRow[], end: End, idempotencyKey: string) =>
  dataOf(
    api.POST('/api/v1/workspaces/current/members/batch', {
      params: { header: { 'Idempotency-Key': idempotencyKey } },
      body: rows.map(({ email, fullName, workspaceRole }) => ({
        email,
        full_name: fullName,
        workspace_role_id: workspaceRole?.id,
        ...namedEnd(end),
      })),
    }),
  );
