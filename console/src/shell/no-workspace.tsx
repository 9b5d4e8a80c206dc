import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useTexts } from '../texts/texts';
import { useMay } from './use-organization';

/** Who can create a workspace is led there. */
export function NoWorkspace() {
  const { shell } = useTexts();
  const mayCreate = useMay('organization:manage');
  return (
    <Stack maw={480}>
      <Title order={1} size="h2">
        {shell.noWorkspace}
      </Title>
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
