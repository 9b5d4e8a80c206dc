import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { useTexts } from '../texts/texts';

/** A secret that the server shows only in this response. */
export function CreatedSecret({
  value,
  text,
  onClose,
}: {
  value: string;
  text: string;
  onClose: () => void;
}) {
  const { add, keys } = useTexts();
  return (
    <Stack>
      <Text size="sm" role="status">
        {text}
      </Text>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {value}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? keys.copied : keys.copy}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>{add.done}</Button>
      </Group>
    </Stack>
  );
}
