import { Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Notice } from '../common/notice';
import { Problem } from '../common/problem';
import { type Column, MemberTable } from '../members/member-table';
import { PersonCell } from '../members/person-cell';
import { RoleSelect } from '../members/role-select';
import { RowMenu } from '../members/row-menu';
import { useListView } from '../members/use-list-view';
import { useOrganizationRoles } from '../members/use-members';
import { useMay } from '../shell/use-organization';
import { useDates, useTexts } from '../texts/texts';
import { AccessDialog } from './access-dialog';
import {
  type OrganizationMember,
  useOrganizationMemberActions,
  useOrganizationMembers,
} from './use-organization-members';

const nameOf = ({ full_name: name, email }: OrganizationMember) => name || email || '';

type Asking = { about: 'access' | 'removal'; member: OrganizationMember };

export function MembersTable() {
  const { members, organizationMembers } = useTexts();
  const [view, setView] = useListView();
  const list = useOrganizationMembers(view);
  const { changeRole } = useOrganizationMemberActions();
  const { data: roles = [] } = useOrganizationRoles();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [notice, setNotice] = useState('');
  const setRole = (member: OrganizationMember, roleId: string) => {
    const role = roles.find(({ id }) => id === roleId)?.display_name ?? '';
    const onSuccess = () => setNotice(members.roleChanged(nameOf(member), role));
    changeRole.mutate({ id: member.id, roleId }, { onSuccess });
  };
  const close = () => setAsking(null);
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
        emptyText={organizationMembers.none}
      >
        {list.data?.rows.map((member) => (
          <Row
            key={member.id}
            member={member}
            onRole={(roleId) => setRole(member, roleId)}
            onExplain={() => setAsking({ about: 'access', member })}
            onRemove={() => setAsking({ about: 'removal', member })}
          />
        ))}
      </MemberTable>
      {asking?.about === 'access' && <AccessDialog identityId={asking.member.id} onClose={close} />}
      {asking?.about === 'removal' && (
        <RemoveDialog
          member={asking.member}
          onClose={close}
          onRemoved={() => setNotice(organizationMembers.removed(nameOf(asking.member)))}
        />
      )}
    </Stack>
  );
}

function useColumns(): Column[] {
  const { common, members, organizationMembers } = useTexts();
  return [
    { label: members.name, field: 'name' },
    { label: members.role, field: 'role', width: 'clamp(130px, 25%, 220px)' },
    { label: organizationMembers.workspaces, field: null, visibleFrom: 'md', width: 120 },
    { label: members.since, field: 'created_at', visibleFrom: 'sm', width: 150 },
    { label: common.actionsColumn, field: null, width: 52, isUnseen: true },
  ];
}

type RowProps = {
  member: OrganizationMember;
  onRole: (roleId: string) => void;
  onExplain: () => void;
  onRemove: () => void;
};

function Row({ member, onRole, onExplain, onRemove }: RowProps) {
  const { members, organizationMembers } = useTexts();
  const date = useDates();
  const { data: roles = [] } = useOrganizationRoles();
  const mayManage = useMay('organization:manage');
  const who = nameOf(member);
  const remove = { label: organizationMembers.remove, isDangerous: true, run: onRemove };
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
        <Text size="sm">{member.tenant_ids?.length ?? 0}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm">{date(member.created_at)}</Text>
      </Table.Td>
      <RowMenu
        who={who}
        actions={[{ label: organizationMembers.explain, run: onExplain }, ...(mayManage ? [remove] : [])]}
      />
    </Table.Tr>
  );
}

type RemoveProps = { member: OrganizationMember; onClose: () => void; onRemoved: () => void };

function RemoveDialog({ member, onClose, onRemoved }: RemoveProps) {
  const { members, organizationMembers } = useTexts();
  const { remove } = useOrganizationMemberActions();
  const done = () => {
    onRemoved();
    onClose();
  };
  return (
    <ConfirmDialog
      title={members.removeTitle(nameOf(member))}
      text={organizationMembers.removeText}
      action={organizationMembers.remove}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(member, { onSuccess: done })}
      onClose={onClose}
    />
  );
}
