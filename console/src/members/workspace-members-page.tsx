import { Button, Stack, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { PageHead } from '../common/page-head';
import { useWorkspace, type Workspace } from '../session/use-workspaces';
import { useTexts } from '../texts/texts';
import { ActiveTable } from './active-table';
import { useInviteObstacle } from './invite-obstacle';
import { MemberTabs, type Tab, useTab } from './list/member-tabs';
import { PendingTable } from './pending-table';
import { useWorkspaceLists } from './use-members';

const AddMembersDialog = lazy(async () => {
  const { AddMembersDialog: dialog } = await import('./add/add-members-dialog');
  return { default: dialog };
});

/** Active and invited members of a workspace, each with a table of its own. */
export function WorkspaceMembersPage() {
  const { members } = useTexts();
  const workspace = useWorkspace();
  const [, show] = useTab();
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead
        title={members.title}
        text={workspace?.display_name ?? ''}
        action={workspace && <AddMembers workspace={workspace} onAdded={show} />}
      />
      <MemberTabs
        lists={useWorkspaceLists()}
        panels={{ active: <ActiveTable />, pending: <PendingTable /> }}
      />
    </Stack>
  );
}

/** Says before anyone tries whether new people may be invited, and who can change that. */
function AddMembers({ workspace, onAdded }: { workspace: Workspace; onAdded: (tab: Tab) => void }) {
  const { add } = useTexts();
  const [isOpen, dialog] = useDisclosure();
  const access = workspace.invite_access;
  const mayAdd = access?.may_add_members ?? false;
  const reason = useInviteObstacle(access);
  return (
    <Stack gap={4} align="flex-end" maw={420}>
      <Tooltip
        label={reason}
        disabled={mayAdd}
        multiline
        w={280}
        events={{ hover: true, focus: true, touch: true }}
      >
        <Button onClick={dialog.open} disabled={!mayAdd}>
          {add.button}
        </Button>
      </Tooltip>
      {reason && (
        <Text size="xs" c="dimmed" ta="right">
          {reason}
        </Text>
      )}
      {isOpen && (
        <Suspense>
          <AddMembersDialog workspace={workspace} onClose={dialog.close} onAdded={onAdded} />
        </Suspense>
      )}
    </Stack>
  );
}
