import { Button, Group, NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { Filters } from '../../common/filters';
import { usePageTexts } from '../../texts/texts';
import type { ListView } from '../list/use-list-view';
import { filterTexts } from './texts';
import type { Filter } from './use-filters';

type Props = {
  readonly filters: readonly Filter[];
  readonly view: ListView;
  readonly setView: (change: Partial<ListView>) => void;
  /** Stands beside the button that opens the filters on a phone. */
  readonly beside: ReactNode;
};

/** A choice for each filter; all of them must match. */
export function FilterBar({ filters, view, setView, beside }: Props) {
  const texts = usePageTexts(filterTexts);
  const active = filters.flatMap(({ name, options, label }) => {
    const value = view.filters[name];
    if (!value) return [];
    const chosen = options.find((option) => option.value === value);
    return {
      label: chosen?.label ?? `${label}: ${texts.unknown}`,
      remove: () => setView({ filters: { ...view.filters, [name]: '' } }),
    };
  });
  return (
    <Filters active={active} beside={beside}>
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
              onChange={(event) =>
                setView({ filters: { ...view.filters, [name]: event.currentTarget.value } })
              }
            />
          );
        })}
        {Object.keys(view.filters).length > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={() => setView({ filters: {} })}>
            {texts.clear}
          </Button>
        )}
      </Group>
    </Filters>
  );
}
