import { Stack, Text, Title } from '@mantine/core';
import { useTexts } from '../texts/texts';

export function NoWorkspace() {
  const { shell } = useTexts();
  return (
    <Stack maw={480}>
      <Title order={1} size="h2">
        {shell.noWorkspace}
      </Title>
      <Text c="dimmed">{shell.noWorkspaceText}</Text>
    </Stack>
  );
}
