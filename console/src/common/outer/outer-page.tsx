import { Box, Container, Group, Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { LanguageSelect } from '../language-select';
import { useTitle } from '../use-title';
import { Logo } from './logo';

/** The frame of pages outside an organization: one card in the middle. */
export function OuterPage({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return (
    <Box bg="var(--mantine-color-default-hover)" mih="100vh">
      <Container component="main" size={440} py={{ base: 24, sm: 96 }}>
        <Stack gap="lg">
          <Group justify="center">
            <Logo />
          </Group>
          <Paper withBorder shadow="sm" p={{ base: 'lg', sm: 'xl' }}>
            <Stack gap="md">
              <Title order={1} size="h2">
                {title}
              </Title>
              {children}
            </Stack>
          </Paper>
          <Group justify="center">
            <LanguageSelect />
          </Group>
        </Stack>
      </Container>
    </Box>
  );
}
