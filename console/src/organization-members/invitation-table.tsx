import { Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Notice } from '../common/notice';
import { Problem } from '../common/problem';
import { type Column, MemberTable } from '../members/member-table';
import { PersonCell } from '../members/person-cell';
import { RowMenu } from '../members/row-menu';
import { useListView } from '../members/use-list-view';
import { useMay, useOrganization } from '../shell/use-organization';
import { useDates, useTexts } from '../texts/texts';
import {
  type OrganizationInvitation,
  useOrganizationInvitationActions,
  useOrganizationInvitations,
} from './use-organization-members';

const nameOf = ({ full_name: name, email }: OrganizationInvitation) => name || email;

export function InvitationTable() {
  const { members, organizationMembers } = useTexts();
  const [view, setView] = useListView();
  const list = useOrganizationInvitations(view);
  const { resend } = useOrganizationInvitationActions();
  const [revoking, setRevoking] = useState<OrganizationInvitation | null>(null);
  const [notice, setNotice] = useState('');
  const sendAgain = (invitation: OrganizationInvitation) =>
    resend.mutate(invitation, { onSuccess: () => setNotice(members.resent(invitation.email)) });
  return (
    <Stack gap="sm">
      <Notice text={notice} onClose={() => setNotice('')} />
      {resend.error && <Problem error={resend.error} />}
      <MemberTable
        caption={members.pending}
        columns={useColumns()}
        view={view}
        setView={setView}
        list={list}
        emptyText={organizationMembers.noInvitations}
      >
        {list.data?.rows.map((invitation) => (
          <Row
            key={invitation.id}
            invitation={invitation}
            onResend={() => sendAgain(invitation)}
            onRevoke={() => setRevoking(invitation)}
          />
        ))}
      </MemberTable>
      {revoking && (
        <RevokeDialog
          invitation={revoking}
          onClose={() => setRevoking(null)}
          onRevoked={() => setNotice(members.revoked(nameOf(revoking)))}
        />
      )}
    </Stack>
  );
}

function useColumns(): Column[] {
  const { common, members, organizationMembers } = useTexts();
  return [
    { label: members.email, field: 'email' },
    { label: members.role, field: 'role', width: 'clamp(130px, 25%, 220px)' },
    { label: organizationMembers.workspaces, field: null, visibleFrom: 'md', width: 120 },
    { label: members.expires, field: null, visibleFrom: 'sm', width: 150 },
    { label: common.actionsColumn, field: null, width: 52, isUnseen: true },
  ];
}

type RowProps = { invitation: OrganizationInvitation; onResend: () => void; onRevoke: () => void };

function Row({ invitation, onResend, onRevoke }: RowProps) {
  const { members } = useTexts();
  const date = useDates();
  const mayManage = useMay('organization:manage');
  const actions = [
    { label: members.resend, run: onResend },
    { label: members.revoke, isDangerous: true, run: onRevoke },
  ];
  return (
    <Table.Tr>
      <PersonCell
        name={invitation.full_name}
        email={invitation.email}
        badge={invitation.is_expired ? members.expired : undefined}
      />
      <Table.Td>
        <Text size="sm">{invitation.role_name}</Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm">{invitation.workspace_ids?.length ?? 0}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm">{invitation.expires_at ? date(invitation.expires_at) : '–'}</Text>
      </Table.Td>
      {mayManage ? <RowMenu who={nameOf(invitation)} actions={actions} /> : <Table.Td />}
    </Table.Tr>
  );
}

type RevokeProps = { invitation: OrganizationInvitation; onClose: () => void; onRevoked: () => void };

function RevokeDialog({ invitation, onClose, onRevoked }: RevokeProps) {
  const { members } = useTexts();
  const { data: organization } = useOrganization();
  const { revoke } = useOrganizationInvitationActions();
  const done = () => {
    onRevoked();
    onClose();
  };
  return (
    <ConfirmDialog
      title={members.revokeTitle(nameOf(invitation))}
      text={members.revokeText(organization?.display_name ?? '')}
      action={members.revoke}
      isPending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(invitation, { onSuccess: done })}
      onClose={onClose}
    />
  );
}
