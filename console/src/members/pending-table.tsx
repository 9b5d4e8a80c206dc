import { Stack, Text } from '@mantine/core';
import { EndNote } from '../access-ends/end-note';
import { useSaved } from '../saved/saved';
import { useWorkspace } from '../session/use-workspaces';
import { useDates, usePageTexts, useTexts } from '../texts/texts';
import { useMayManageMembers } from './active-table';
import { useInvitationActions } from './invitation-actions';
import { RoleDialog } from './bulk/role-dialog';
import { bulkTexts } from './bulk/texts';
import { InvitationList, nameOfInvited } from './invitation-list';
import type { Column } from './table/table-head';
import { RoleSelect } from '../roles/role-select';
import {
  type PendingMember,
  useAddAgain,
  usePendingActions,
  usePendingMembers,
  usePendingRequests,
} from './use-members';
import { useWorkspaceRoles } from '../roles/role-list';

export function PendingTable() {
  const { members } = useTexts();
  const shown = usePendingMembers();
  const { changeRole, undoRole, resend, revoke } = usePendingActions();
  const addAgain = useAddAgain();
  const { data: roles = [] } = useWorkspaceRoles();
  const saved = useSaved();
  const requests = usePendingRequests();
  const place = useWorkspace()?.display_name ?? '';
  const againOf = ({
    email,
    full_name: name,
    workspace_role_id: roleId,
    access_expires_at: end,
  }: PendingMember) => ({
    email,
    full_name: name ?? null,
    roleId: roleId ?? null,
    end,
  });
  const again = (people: readonly PendingMember[]) => addAgain(people.map(againOf), false);
  const bulk = useInvitationActions({ place, requests, again });
  const texts = usePageTexts(bulkTexts);
  const setRole = (person: PendingMember, roleId: string) => {
    const textOf = (id: string | null | undefined) => {
      const role = roles.find((one) => one.id === id)?.display_name ?? '';
      return members.roleChanged(nameOfInvited(person), role);
    };
    const next = undoRole(person, roleId, textOf(person.workspace_role_id));
    const onSuccess = () => saved({ text: textOf(roleId), next });
    changeRole.mutate({ id: person.id, roleId }, { onSuccess });
  };
  return (
    <InvitationList
      shown={shown}
      emptyText={members.nonePending}
      roles={roles}
      mayManage={useMayManageMembers()}
      place={place}
      columns={useColumns(setRole)}
      resend={resend}
      revoke={revoke}
      again={(person) => again([person])}
      error={changeRole.error}
      roleOf={({ workspace_role_name: role }) => role}
      roleIdOf={({ workspace_role_id: id }) => id}
      ends={{ changeEnd: requests.changeEnd, keys: [requests.key] }}
      bulk={[
        {
          label: texts.changeRole,
          dialog: (props) => (
            <RoleDialog
              {...props}
              text={texts.invitedRoleText}
              roles={roles}
              roleIdOf={({ workspace_role_id: id }) => id}
              requests={requests}
            />
          ),
        },
        ...bulk,
      ]}
    />
  );
}

function useColumns(setRole: (person: PendingMember, roleId: string) => void): Column<PendingMember>[] {
  const { members } = useTexts();
  const date = useDates();
  const { data: roles = [] } = useWorkspaceRoles();
  const mayManage = useMayManageMembers();
  return [
    {
      label: members.role,
      field: 'role',
      width: 200,
      isBelowOnPhone: true,
      cell: (person) => (
        <Stack gap={4}>
          <RoleSelect
            label={members.changeRole(nameOfInvited(person))}
            roles={roles}
            roleId={person.workspace_role_id}
            roleName={person.workspace_role_name}
            isFixed={!mayManage}
            onChange={(roleId) => setRole(person, roleId)}
          />
          <EndNote end={person.access_expires_at} />
        </Stack>
      ),
    },
    {
      label: members.invitedAt,
      field: 'created_at',
      visibleFrom: 'sm',
      width: 150,
      cell: ({ created_at: invitedAt }) => <Text size="sm">{invitedAt && date(invitedAt)}</Text>,
    },
    {
      label: members.expires,
      field: null,
      visibleFrom: 'md',
      width: 150,
      cell: ({ expires_at: end }) => <Text size="sm">{end ? date(end) : '–'}</Text>,
    },
  ];
}
