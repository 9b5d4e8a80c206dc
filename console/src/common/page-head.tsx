import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTitle } from './use-title';

type Props = { title: string; text?: string; action?: ReactNode };

/** The heading of a page, with its main action at the end of the line. */
export function PageHead({ title, text, action }: Props) {
  useTitle(title);
  return (
    <Group justify="space-between" align="flex-start">
      <div style={{ flex: '1 1 320px' }}>
        <Title order={1} size="h2" className="wrapped">
          {title}
        </Title>
        <Text c="dimmed" className="wrapped">
          {text}
        </Text>
      </div>
      {action}
    </Group>
  );
}
