import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Fact } from './fact';
import type { HelpTopic } from '../page/help';
import { HelpLink } from '../problems/help-link';

type Props = { title: string; text: string; help?: HelpTopic; children: ReactNode };

export const SettingsCard = ({ title, text, help, children }: Props) => (
  <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section">
    <Stack gap="md">
      <div>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {text} {help && <HelpLink topic={help} of={title} />}
        </Text>
      </div>
      {children}
    </Stack>
  </Paper>
);

/** Settings as text, for those who may not change them. */
export const Facts = ({ facts }: { facts: readonly (readonly [label: string, value: string])[] }) => (
  <dl className="facts">
    {facts.map(([label, value]) => (
      <Fact key={label} label={label}>
        {value}
      </Fact>
    ))}
  </dl>
);
