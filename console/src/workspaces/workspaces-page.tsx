import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { useMay, useOrganization } from '../session/use-organization';
import { usePlace, useWorkspaces, type Workspace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { DeleteDialog } from './delete-dialog';
import { NameDialog } from './name-dialog';
import { workspacesTexts } from './texts';
import { WorkspaceTable } from './workspace-table';

type Asked = { renamed: Workspace | null } | { deleted: Workspace } | null;

/** The workspaces of the organization, each with a way to its members. */
export function WorkspacesPage() {
  const texts = usePageTexts(workspacesTexts);
  const workspaces = useWorkspaces(usePlace().orgId);
  const [asked, ask] = useState<Asked>(null);
  const close = () => ask(null);
  return (
    <Stack gap="lg" maw={1000}>
      <PageHead
        title={texts.title}
        text={texts.text}
        action={<Create onCreate={() => ask({ renamed: null })} />}
      />
      <Loaded query={workspaces}>
        {(all) => (
          <>
            <WorkspaceTable
              all={all}
              onRename={(renamed) => ask({ renamed })}
              onDelete={(deleted) => ask({ deleted })}
            />
            {asked && 'renamed' in asked && (
              <NameDialog workspace={asked.renamed} all={all} onClose={close} />
            )}
            {asked && 'deleted' in asked && <DeleteDialog workspace={asked.deleted} onClose={close} />}
          </>
        )}
      </Loaded>
    </Stack>
  );
}

/** The button, or why there is none. */
function Create({ onCreate }: { onCreate: () => void }) {
  const texts = usePageTexts(workspacesTexts);
  const mayManage = useMay('organization:manage');
  const { data: organization } = useOrganization();
  if (!organization) return null;
  const isFull = organization.reached_max_workspaces ?? false;
  const limit = organization.config.max_workspaces ?? 0;
  const obstacle = !mayManage ? texts.mayNotCreate : isFull ? texts.limitReached(limit) : null;
  return obstacle ? (
    <Text size="sm" c="dimmed" maw={320}>
      {obstacle}
    </Text>
  ) : (
    <Button onClick={onCreate}>{texts.create}</Button>
  );
}
