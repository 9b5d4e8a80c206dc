import { Button, Group, NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTexts } from '../../texts/texts';
import type { ListView } from '../list/use-list-view';
import { filterTexts } from './texts';
import type { Filter } from './use-filters';

type Props = {
  readonly filters: readonly Filter[];
  readonly view: ListView;
  readonly setView: (change: Partial<ListView>) => void;
  readonly children?: ReactNode;
};

/** A choice for each filter; all of them must match. */
export function FilterBar({ filters, view, setView, children }: Props) {
  const texts = usePageTexts(filterTexts);
  return (
    <Group gap="xs">
      {filters.map(({ name, label, any, options }) => {
        const value = view.filters[name] ?? '';
        const isKnown = value === '' || options.some((option) => option.value === value);
        return (
          <NativeSelect
            key={name}
            className="list-filter"
            size="xs"
            aria-label={label}
            data={[
              { value: '', label: any },
              ...options,
              ...(isKnown ? [] : [{ value, label: texts.unknown }]),
            ]}
            value={value}
            onChange={(event) => setView({ filters: { ...view.filters, [name]: event.currentTarget.value } })}
          />
        );
      })}
      {children}
      {Object.keys(view.filters).length > 0 && (
        <Button variant="subtle" size="compact-sm" onClick={() => setView({ filters: {} })}>
          {texts.clear}
        </Button>
      )}
    </Group>
  );
}
