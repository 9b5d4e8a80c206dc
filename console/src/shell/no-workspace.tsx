import { Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { PageHead } from '../common/page-head';
import { useTexts } from '../texts/texts';
import { useMay } from '../session/use-organization';

/** Users who can create a workspace are led to that page. */
export function NoWorkspace() {
  const { shell } = useTexts();
  const mayCreate = useMay('organization:manage');
  return (
    <Stack maw={480}>
      <PageHead title={shell.noWorkspace} />
      {mayCreate ? (
        <Group>
          <Button component={Link} to="settings/workspaces">
            {shell.workspaces}
          </Button>
        </Group>
      ) : (
        <Text c="dimmed">{shell.noWorkspaceText}</Text>
      )}
    </Stack>
  );
}
