import { Text } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { namedEnd } from '../access-ends/role-until';
import { ActiveList } from '../members/active-list';
import { useOrganizationRoles } from '../roles/role-list';
import { passwordLinks } from '../page/page-settings';
import { PasswordLinkDialog } from '../passwords/password-link-dialog';
import { passwordTexts } from '../passwords/texts';
import { useMay } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { useMemberBulkActions } from './use-member-bulk-actions';
import { isLower, LowerRoleDialog, RemoveMemberDialog } from './member-dialogs';
import {
  type OrganizationMember,
  useInviteAgain,
  useOrganizationMemberActions,
  useOrganizationMembers,
} from './use-organization-members';

export function MembersTable() {
  const { organizationMembers } = useTexts();
  const shown = useOrganizationMembers();
  const { changeRole, ends, undoRole } = useOrganizationMemberActions();
  const inviteAgain = useInviteAgain();
  const { data: roles = [] } = useOrganizationRoles();
  const nameOf = (roleId?: string | null) => roles.find(({ id }) => id === roleId)?.name ?? '';
  const mayManage = useMay('organization:manage');
  const { create } = usePageTexts(passwordTexts);
  const [linked, setLinked] = useState<OrganizationMember | null>(null);
  const mayLink = (member: OrganizationMember) =>
    passwordLinks === 'handed-over' && mayManage && !member.is_disabled;
  const navigate = useNavigate();
  const againOf = ({ email, full_name: name, role_id: roleId, ...member }: OrganizationMember) =>
    email
      ? [{ email, full_name: name ?? null, role_id: roleId ?? null, ...namedEnd(member.access_expires_at) }]
      : [];
  return (
    <>
      <ActiveList
        shown={shown}
        emptyText={organizationMembers.none}
        roles={roles}
        roleWidth={220}
        mayManage={mayManage}
        column={{
          label: organizationMembers.workspaces,
          field: null,
          visibleFrom: 'md',
          width: 120,
          cell: ({ tenant_ids: ids }) => <Text size="sm">{ids?.length ?? 0}</Text>,
        }}
        changeRole={changeRole}
        ends={ends}
        undoRole={undoRole}
        removal={{
          action: organizationMembers.remove,
          doneText: organizationMembers.removed,
          again: (member) => inviteAgain(againOf(member), true),
          dialog: (props) => <RemoveMemberDialog {...props} />,
        }}
        roleDialog={(props, role) =>
          isLower(role.name, nameOf(props.member.role_id)) ? <LowerRoleDialog {...props} role={role} /> : null
        }
        moreActions={(member) => [
          ...(mayManage ? [{ label: organizationMembers.explain, run: () => void navigate(member.id) }] : []),
          ...(mayLink(member) ? [{ label: create, run: () => setLinked(member) }] : []),
        ]}
        bulk={useMemberBulkActions((done) => inviteAgain(done.flatMap(againOf), true))}
        csv={{ label: organizationMembers.workspaces, value: ({ tenant_ids: ids }) => ids?.length ?? 0 }}
      />
      {linked && (
        <PasswordLinkDialog
          kind="member"
          id={linked.id}
          who={linked.full_name || linked.email || ''}
          onClose={() => setLinked(null)}
        />
      )}
    </>
  );
}
