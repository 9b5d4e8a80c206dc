import { Box, Button, Kbd, Text } from '@mantine/core';
import { useDisclosure, useHotkeys, useWindowEvent } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { usePageTexts, useTexts } from '../texts/texts';
import { Icon } from './icon';
import { useMenu } from './pages';
import { frameTexts } from './texts';

const load = async () => {
  const { SearchDialog: dialog } = await import('../search/search-dialog');
  return { default: dialog };
};
const SearchDialog = lazy(load);

const IS_APPLE = /Mac OS/.test(navigator.userAgent);

/** Opens the search, also by a key from everywhere but another dialog or menu. It is loaded when it is about to be opened. */
export function SearchButton() {
  const { common } = useTexts();
  const { shortcut } = usePageTexts(frameTexts);
  const [isOpen, dialog] = useDisclosure();
  const openBelowNothing = () => {
    if (!document.querySelector('[role="dialog"], [role="menu"]')) dialog.open();
  };
  useHotkeys([['mod+K', openBelowNothing]], []);
  useWindowEvent('keydown', ({ key }) => {
    if (key === 'Control' || key === 'Meta') void load();
  });
  return (
    <>
      <Button
        variant="default"
        size="xs"
        px="xs"
        fw={400}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={dialog.open}
        onPointerEnter={() => void load()}
      >
        <Icon name="search" size={16} />
        <Box component="span" className="visually-hidden" hiddenFrom="sm">
          {common.search}
        </Box>
        <Text span inherit visibleFrom="sm" mx="xs">
          {common.search}
        </Text>
        <Kbd size="xs" visibleFrom="sm" aria-hidden>
          {IS_APPLE ? '⌘ K' : shortcut}
        </Kbd>
      </Button>
      {isOpen && (
        <Suspense>
          <Dialog onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}

/** The pages of the menu, each with its group, and the help. */
function Dialog({ onClose }: { onClose: () => void }) {
  const { help } = usePageTexts(frameTexts);
  const pages = useMenu().flatMap(({ title: detail, pages: ofGroup }) =>
    ofGroup.map(({ to, label }) => ({ to, title: label, detail })),
  );
  return <SearchDialog pages={[...pages, { to: '/help/', title: help }]} onClose={onClose} />;
}
