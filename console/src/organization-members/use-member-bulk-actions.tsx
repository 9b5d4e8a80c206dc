import { RemoveDialog } from '../members/bulk/remove-dialog';
import { RoleDialog } from '../members/bulk/role-dialog';
import type { BulkAction } from '../members/bulk/selection-bar';
import { bulkTexts } from '../members/bulk/texts';
import { useGroupOptions } from '../members/filters/use-filters';
import { useEndedKeys } from '../keys/use-ended-keys';
import { useOrganizationRoles } from '../roles/role-list';
import type { Saved } from '../saved/saved';
import { usePageTexts } from '../texts/texts';
import { AddToGroupDialog, AddToWorkspaceDialog } from './add-to-dialogs';
import { type OrganizationMember, useOrganizationMemberRequests } from './use-organization-members';

/** What can be done for selected members of the organization. */
export function useMemberBulkActions(
  again: (done: readonly OrganizationMember[]) => Saved['next'],
): BulkAction<OrganizationMember>[] {
  const texts = usePageTexts(bulkTexts);
  const requests = useOrganizationMemberRequests();
  const ended = useEndedKeys();
  const { data: roles = [] } = useOrganizationRoles();
  const hasGroups = useGroupOptions().length > 0;
  return [
    {
      label: texts.changeRole,
      dialog: (props) => (
        <RoleDialog
          {...props}
          text={texts.roleText}
          roles={roles}
          roleIdOf={({ role_id: id }) => id}
          requests={requests}
        />
      ),
    },
    ...(hasGroups
      ? [
          {
            label: texts.addToGroup,
            dialog: (props: Dialog) => <AddToGroupDialog {...props} />,
          },
        ]
      : []),
    { label: texts.addToWorkspace, dialog: (props) => <AddToWorkspaceDialog {...props} /> },
    {
      label: texts.remove,
      isDangerous: true,
      dialog: (props) => (
        <RemoveDialog
          {...props}
          hasKeys
          text={texts.removeFromOrganization}
          keys={[requests.key, ...ended]}
          remove={({ id }, revokeCreated) => requests.remove({ id, revokeCreated })}
          again={again}
        />
      ),
    },
  ];
}

type Dialog = Parameters<BulkAction<OrganizationMember>['dialog']>[0];
