import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useId, useRef } from 'react';
import { type PageTexts, usePageTexts } from '../texts/texts';

const en = {
  filters: (count: number) => (count > 0 ? `Filters (${count})` : 'Filters'),
  remove: (filter: string) => `Remove filter: ${filter}`,
};
const de: typeof en = {
  filters: (count) => (count > 0 ? `Filter (${count})` : 'Filter'),
  remove: (filter) => `Filter entfernen: ${filter}`,
};
const filtersTexts: PageTexts<typeof en> = { en, de };

/** A filter that is set: in words, and how it is removed. */
export type ActiveFilter = { readonly label: string; readonly remove: () => void };

type Props = {
  readonly active: readonly ActiveFilter[];
  /** Stands beside the button. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
};

export const useIsPhone = () =>
  useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });

/** The filters of a list; on a phone behind a button, with those that are set below it. */
export function Filters({ active, beside, children }: Props) {
  const texts = usePageTexts(filtersTexts);
  const [isOpen, { toggle }] = useDisclosure();
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  if (!useIsPhone()) return children;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button
          ref={button}
          variant="default"
          size="xs"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={toggle}
        >
          {texts.filters(active.length)}
        </Button>
        {beside}
      </Group>
      {active.length > 0 && (
        <Group gap={6}>
          {active.map(({ label, remove }) => (
            <Button
              key={label}
              variant="default"
              size="compact-xs"
              radius="xl"
              maw="100%"
              fw={400}
              rightSection={<span aria-hidden>×</span>}
              aria-label={texts.remove(label)}
              onClick={() => {
                remove();
                button.current?.focus(); // the pressed one disappears
              }}
            >
              {label}
            </Button>
          ))}
        </Group>
      )}
      <div id={id}>{isOpen && children}</div>
    </Stack>
  );
}
