import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = { title: string; text: string; children: ReactNode };

export const SettingsCard = ({ title, text, children }: Props) => (
  <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section">
    <Stack gap="md">
      <div>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      </div>
      {children}
    </Stack>
  </Paper>
);

type Fact = readonly [label: string, value: string];

/** Settings as text, for those who may not change them. */
export const Facts = ({ facts }: { facts: readonly Fact[] }) => (
  <dl className="facts">
    {facts.map(([label, value]) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
