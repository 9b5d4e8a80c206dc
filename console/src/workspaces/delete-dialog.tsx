import { List, Loader, Text } from '@mantine/core';
import { ConfirmDialog } from '../common/confirm-dialog';
import { useSaved } from '../saved/saved';
import { useOrganization } from '../session/use-organization';
import type { Workspace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { workspacesTexts } from './texts';
import { useKeysOnlyFor, useWorkspaceActions } from './use-workspace-list';

type Props = { workspace: Workspace; onClose: () => void };

/** Says what ends with a workspace before it is deleted. */
export function DeleteDialog({ workspace, onClose }: Props) {
  const texts = usePageTexts(workspacesTexts);
  const { remove } = useWorkspaceActions();
  const saved = useSaved();
  const name = workspace.display_name;
  return (
    <ConfirmDialog
      title={texts.removeTitle(name)}
      text={texts.removeText}
      action={texts.removeAction}
      change={remove}
      input={{ id: workspace.id }}
      onDone={() => saved({ text: texts.wasRemoved(name) })}
      onClose={onClose}
    >
      <div>
        <Text size="sm" fw={600} mb={4}>
          {texts.ends}
        </Text>
        <WhatEnds workspace={workspace} />
      </div>
    </ConfirmDialog>
  );
}

function WhatEnds({ workspace }: Pick<Props, 'workspace'>) {
  const texts = usePageTexts(workspacesTexts);
  const hasGroups = useOrganization().data?.config.can_use_teams ?? false;
  const { data: keys, isPending, isError } = useKeysOnlyFor(workspace.id);
  const { member_count: members, pending_count: pending, provisioned_role_count: roles } = workspace;
  if (isPending) return <Loader size="xs" />;
  return (
    <List size="sm" spacing={4} className="wrapped">
      {!!members && <List.Item>{texts.membersEnd(members)}</List.Item>}
      {!!pending && (
        <List.Item>
          {texts.pendingEnd(pending)} {texts.pendingEndText}
        </List.Item>
      )}
      {isError && <List.Item>{texts.keysUnknown}</List.Item>}
      {!!keys?.length && <List.Item>{texts.keysEnd(keys.map(({ description }) => description))}</List.Item>}
      {!!roles && <List.Item>{texts.provisionedRolesEnd(roles)}</List.Item>}
      {hasGroups && <List.Item>{texts.groupsEnd}</List.Item>}
    </List>
  );
}
