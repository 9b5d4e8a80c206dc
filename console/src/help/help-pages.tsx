import { AppShell, Button, Group } from '@mantine/core';
import { Suspense } from 'react';
import { Link, useParams } from 'react-router';
import { LanguageSelect } from '../common/language-select';
import { Waiting } from '../common/loaded';
import { Logo } from '../common/outer/logo';
import { usePageTexts } from '../texts/texts';
import { HelpIndex } from './help-index';
import { HelpPage } from './help-page';
import { helpTexts } from './texts';

/** The help, which is shown without a session: it says nothing about this installation. */
export function HelpPages() {
  const { '*': page = '' } = useParams();
  const texts = usePageTexts(helpTexts);
  return (
    <AppShell header={{ height: 56 }} padding={{ base: 'md', sm: 'xl' }}>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Logo />
          <Group component="nav" gap="xs" wrap="nowrap" aria-label={texts.title}>
            <Button component={Link} to="/help" variant="subtle" size="xs">
              {texts.title}
            </Button>
            <Button component={Link} to="/" variant="default" size="xs" visibleFrom="sm">
              {texts.toConsole}
            </Button>
            <LanguageSelect />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1}>
        <Suspense fallback={<Waiting isPage />}>
          {page === '' ? <HelpIndex /> : <HelpPage key={page} page={page} />}
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}
