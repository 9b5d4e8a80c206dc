import type { Schemas } from '../api/client';
import type { Saved } from '../saved/saved';
import { useWorkspace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { useMemberRequests } from './use-members';
import { useWorkspaceRoles } from '../roles/role-list';
import { RemoveDialog } from './bulk/remove-dialog';
import { RoleDialog } from './bulk/role-dialog';
import type { BulkAction } from './bulk/selection-bar';
import { bulkTexts } from './bulk/texts';

type Member = Schemas['MemberIdentity'];

/** What can be done for selected members of the workspace. */
export function useWorkspaceMemberActions(
  again: (done: readonly Member[]) => Saved['next'],
): BulkAction<Member>[] {
  const texts = usePageTexts(bulkTexts);
  const requests = useMemberRequests();
  const { data: roles = [] } = useWorkspaceRoles();
  const workspace = useWorkspace()?.display_name ?? '';
  return [
    {
      label: texts.changeRole,
      dialog: (props) => (
        <RoleDialog
          {...props}
          text={texts.workspaceRoleText}
          roles={roles}
          roleIdOf={({ role_id: id }) => id}
          requests={requests}
        />
      ),
    },
    {
      label: texts.remove,
      isDangerous: true,
      dialog: (props) => (
        <RemoveDialog
          {...props}
          text={texts.removeFromWorkspace(workspace)}
          keys={[requests.key]}
          remove={requests.remove}
          again={again}
        />
      ),
    },
  ];
}
