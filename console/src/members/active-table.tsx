import { Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Notice } from '../common/notice';
import { Problem } from '../common/problem';
import { useWorkspace } from '../shell/use-workspaces';
import { useDates, useTexts } from '../texts/texts';
import { type Column, MemberTable } from './member-table';
import { PersonCell } from './person-cell';
import { RoleSelect } from './role-select';
import { RowMenu } from './row-menu';
import { useListView } from './use-list-view';
import { type Member, useActiveMembers, useMemberActions, useWorkspaceRoles } from './use-members';

const nameOf = ({ full_name: name, email }: Member) => name || email || '';

export function ActiveTable() {
  const { members } = useTexts();
  const [view, setView] = useListView();
  const list = useActiveMembers(view);
  const { changeRole } = useMemberActions();
  const { data: roles = [] } = useWorkspaceRoles();
  const mayManage = useMayManageMembers();
  const [leaving, setLeaving] = useState<Member | null>(null);
  const [notice, setNotice] = useState('');
  const setRole = (member: Member, roleId: string) =>
    changeRole.mutate(
      { id: member.id, roleId },
      {
        onSuccess: () =>
          setNotice(
            members.roleChanged(nameOf(member), roles.find(({ id }) => id === roleId)?.display_name ?? ''),
          ),
      },
    );
  return (
    <Stack gap="sm">
      <Notice text={notice} onClose={() => setNotice('')} />
      {changeRole.error && <Problem error={changeRole.error} />}
      <MemberTable
        caption={members.active}
        columns={useColumns()}
        view={view}
        setView={setView}
        list={list}
        emptyText={members.noneActive}
      >
        {list.data?.rows.map((member) => (
          <Row
            key={member.id}
            member={member}
            mayManage={mayManage}
            onRole={(roleId) => setRole(member, roleId)}
            onRemove={() => setLeaving(member)}
          />
        ))}
      </MemberTable>
      {leaving && (
        <RemoveDialog
          member={leaving}
          onClose={() => setLeaving(null)}
          onRemoved={() => setNotice(members.removed(nameOf(leaving)))}
        />
      )}
    </Stack>
  );
}

/** Whether to offer changes; the server decides each of them. */
export const useMayManageMembers = (): boolean =>
  useWorkspace()?.permissions?.includes('workspaces:manage-members') ?? false;

function useColumns(): Column[] {
  const { common, members } = useTexts();
  return [
    { label: members.name, field: 'name' },
    { label: members.role, field: 'role', width: 'clamp(130px, 25%, 200px)' },
    { label: members.organizationRole, field: null, visibleFrom: 'md', width: 190 },
    { label: members.since, field: 'created_at', visibleFrom: 'sm', width: 150 },
    { label: common.actionsColumn, field: null, width: 52, isUnseen: true },
  ];
}

type RowProps = {
  member: Member;
  mayManage: boolean;
  onRole: (roleId: string) => void;
  onRemove: () => void;
};

function Row({ member, mayManage, onRole, onRemove }: RowProps) {
  const { members } = useTexts();
  const { data: roles = [] } = useWorkspaceRoles();
  const date = useDates();
  const who = nameOf(member);
  return (
    <Table.Tr>
      <PersonCell
        name={member.full_name}
        email={member.email ?? ''}
        badge={member.is_disabled ? members.disabled : undefined}
      />
      <Table.Td>
        <RoleSelect
          label={members.changeRole(who)}
          roles={roles}
          roleId={member.role_id}
          roleName={member.role_name}
          isDisabled={!mayManage}
          onChange={onRole}
        />
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm">{member.org_role_name}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm">{date(member.created_at)}</Text>
      </Table.Td>
      {mayManage ? (
        <RowMenu who={who} actions={[{ label: members.remove, isDangerous: true, run: onRemove }]} />
      ) : (
        <Table.Td />
      )}
    </Table.Tr>
  );
}

type RemoveProps = { member: Member; onClose: () => void; onRemoved: () => void };

function RemoveDialog({ member, onClose, onRemoved }: RemoveProps) {
  const { members } = useTexts();
  const workspace = useWorkspace();
  const { remove } = useMemberActions();
  const done = () => {
    onRemoved();
    onClose();
  };
  return (
    <ConfirmDialog
      title={members.removeTitle(nameOf(member))}
      text={members.removeText(workspace?.display_name ?? '')}
      action={members.remove}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(member, { onSuccess: done })}
      onClose={onClose}
    />
  );
}
