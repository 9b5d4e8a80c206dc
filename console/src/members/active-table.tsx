import { Text } from '@mantine/core';
import { ConfirmDialog } from '../common/confirm-dialog';
import { useWorkspace } from '../session/use-workspaces';
import type { Schemas } from '../api/client';
import { useTexts } from '../texts/texts';
import { ActiveList } from './active-list';
import { useWorkspaceMemberActions } from './workspace-member-actions';
import { useActiveMembers, useAddAgain, useMemberActions } from './use-members';
import { useWorkspaceRoles } from '../roles/role-list';

/** Whether to offer changes; the server decides each of them. */
export const useMayManageMembers = (): boolean =>
  useWorkspace()?.permissions?.includes('workspaces:manage-members') ?? false;

export function ActiveTable() {
  const { members } = useTexts();
  const shown = useActiveMembers();
  const { changeRole, ends, undoRole, remove } = useMemberActions();
  const addAgain = useAddAgain();
  const { data: roles = [] } = useWorkspaceRoles();
  const workspace = useWorkspace();
  const againOf = ({ email, full_name: name, ...member }: Schemas['MemberIdentity']) =>
    email
      ? [{ email, full_name: name ?? null, roleId: member.role_id ?? null, end: member.access_expires_at }]
      : [];
  return (
    <ActiveList
      shown={shown}
      emptyText={members.noneActive}
      roles={roles}
      roleWidth={200}
      mayManage={useMayManageMembers()}
      column={{
        label: members.organizationRole,
        field: null,
        visibleFrom: 'md',
        width: 190,
        cell: ({ org_role_name: role }) => <Text size="sm">{role}</Text>,
      }}
      changeRole={changeRole}
      ends={ends}
      undoRole={undoRole}
      removal={{
        action: members.remove,
        doneText: members.removed,
        again: (member) => addAgain(againOf(member), true),
        dialog: ({ member, who, ...close }) => (
          <ConfirmDialog
            title={members.removeTitle(who)}
            text={members.removeText(workspace?.display_name ?? '')}
            action={members.remove}
            change={remove}
            input={member}
            {...close}
          />
        ),
      }}
      bulk={useWorkspaceMemberActions((done) => addAgain(done.flatMap(againOf), true))}
      csv={{ label: members.organizationRole, value: ({ org_role_name: role }) => role }}
    />
  );
}
