import { Code, Group, Text } from '@mantine/core';
import { CopyText } from './copy-text';

/** A text to copy as a whole, below what it is. */
export const CopiedCode = ({ label, value }: { label: string; value: string }) => (
  <div>
    <Group justify="space-between" mb={4}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      <CopyText value={value} what={label} />
    </Group>
    <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {value}
    </Code>
  </div>
);
