import { Text } from '@mantine/core';
import { ConfirmDialog } from '../common/confirm-dialog';
import { useWorkspace } from '../shell/use-workspaces';
import { useTexts } from '../texts/texts';
import { ActiveList } from './active-list';
import { useActiveMembers, useAddAgain, useMemberActions, useWorkspaceRoles } from './use-members';

/** Whether to offer changes; the server decides each of them. */
export const useMayManageMembers = (): boolean =>
  useWorkspace()?.permissions?.includes('workspaces:manage-members') ?? false;

export function ActiveTable() {
  const { members } = useTexts();
  const shown = useActiveMembers();
  const { changeRole, undoRole, remove } = useMemberActions();
  const addAgain = useAddAgain();
  const { data: roles = [] } = useWorkspaceRoles();
  const workspace = useWorkspace();
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
      undoRole={undoRole}
      removal={{
        action: members.remove,
        doneText: members.removed,
        again: ({ email, full_name: name, role_id: roleId }) =>
          email ? addAgain({ email, full_name: name, roleId: roleId ?? null }, true) : undefined,
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
    />
  );
}
