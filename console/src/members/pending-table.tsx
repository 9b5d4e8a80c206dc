import { Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Notice } from '../common/notice';
import { Problem } from '../common/problem';
import { useWorkspace } from '../shell/use-workspaces';
import { useDates, useTexts } from '../texts/texts';
import { useMayManageMembers } from './active-table';
import { type Column, MemberTable } from './member-table';
import { PersonCell } from './person-cell';
import { RoleSelect } from './role-select';
import { RowMenu } from './row-menu';
import { useListView } from './use-list-view';
import { type PendingMember, usePendingActions, usePendingMembers, useWorkspaceRoles } from './use-members';

const nameOf = ({ full_name: name, email }: PendingMember) => name || email;

export function PendingTable() {
  const { members } = useTexts();
  const [view, setView] = useListView();
  const list = usePendingMembers(view);
  const { changeRole, resend } = usePendingActions();
  const { data: roles = [] } = useWorkspaceRoles();
  const [revoking, setRevoking] = useState<PendingMember | null>(null);
  const [notice, setNotice] = useState('');
  const error = changeRole.error ?? resend.error;
  const setRole = (person: PendingMember, roleId: string) => {
    const role = roles.find(({ id }) => id === roleId)?.display_name ?? '';
    const onSuccess = () => setNotice(members.roleChanged(nameOf(person), role));
    changeRole.mutate({ id: person.id, roleId }, { onSuccess });
  };
  const sendAgain = (person: PendingMember) =>
    resend.mutate(person, { onSuccess: () => setNotice(members.resent(person.email)) });
  return (
    <Stack gap="sm">
      <Notice text={notice} onClose={() => setNotice('')} />
      {error && <Problem error={error} />}
      <MemberTable
        caption={members.pending}
        columns={useColumns()}
        view={view}
        setView={setView}
        list={list}
        emptyText={members.nonePending}
      >
        {list.data?.rows.map((person) => (
          <Row
            key={person.id}
            person={person}
            onRole={(roleId) => setRole(person, roleId)}
            onResend={() => sendAgain(person)}
            onRevoke={() => setRevoking(person)}
          />
        ))}
      </MemberTable>
      {revoking && (
        <RevokeDialog
          person={revoking}
          onClose={() => setRevoking(null)}
          onRevoked={() => setNotice(members.revoked(nameOf(revoking)))}
        />
      )}
    </Stack>
  );
}

function useColumns(): Column[] {
  const { common, members } = useTexts();
  return [
    { label: members.email, field: 'email' },
    { label: members.role, field: 'role', width: 'clamp(130px, 25%, 200px)' },
    { label: members.invitedAt, field: 'created_at', visibleFrom: 'sm', width: 150 },
    { label: members.expires, field: null, visibleFrom: 'md', width: 150 },
    { label: common.actionsColumn, field: null, width: 52, isUnseen: true },
  ];
}

type RowProps = {
  person: PendingMember;
  onRole: (roleId: string) => void;
  onResend: () => void;
  onRevoke: () => void;
};

function Row({ person, onRole, onResend, onRevoke }: RowProps) {
  const { members } = useTexts();
  const { data: roles = [] } = useWorkspaceRoles();
  const date = useDates();
  const mayManage = useMayManageMembers();
  const actions = [
    { label: members.resend, run: onResend },
    { label: members.revoke, isDangerous: true, run: onRevoke },
  ];
  return (
    <Table.Tr>
      <PersonCell
        name={person.full_name}
        email={person.email}
        badge={person.is_expired ? members.expired : undefined}
      />
      <Table.Td>
        <RoleSelect
          label={members.changeRole(nameOf(person))}
          roles={roles}
          roleId={person.workspace_role_id}
          roleName={person.workspace_role_name}
          isDisabled={!mayManage}
          onChange={onRole}
        />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm">{person.created_at && date(person.created_at)}</Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm">{person.expires_at ? date(person.expires_at) : '–'}</Text>
      </Table.Td>
      {mayManage ? <RowMenu who={nameOf(person)} actions={actions} /> : <Table.Td />}
    </Table.Tr>
  );
}

type RevokeProps = { person: PendingMember; onClose: () => void; onRevoked: () => void };

function RevokeDialog({ person, onClose, onRevoked }: RevokeProps) {
  const { members } = useTexts();
  const workspace = useWorkspace();
  const { revoke } = usePendingActions();
  const done = () => {
    onRevoked();
    onClose();
  };
  return (
    <ConfirmDialog
      title={members.revokeTitle(nameOf(person))}
      text={members.revokeText(workspace?.display_name ?? '')}
      action={members.revoke}
      isPending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(person, { onSuccess: done })}
      onClose={onClose}
    />
  );
}
