import { Group, MultiSelect, TextInput } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { Filters } from '../common/filters';
import { usePageTexts } from '../texts/texts';
import { eventTexts } from './texts';
import { type EventType, useEventTypes } from './use-live-events';

/** What is shown; kept in the address, so that a reload and the back button keep it. */
export type Filter = {
  /** Empty for all but those that are returned only if they are named. */
  readonly types: readonly EventType[];
  /** Part of a name or an id, of what an event is about or who caused it. */
  readonly text: string;
};

export function useFilter() {
  const [search, setSearch] = useSearchParams();
  const { data: known = [] } = useEventTypes();
  const wanted = search.getAll('type');
  const filter: Filter = {
    types: known.filter((type) => wanted.includes(type)),
    text: search.get('q') ?? '',
  };
  const setFilter = (change: Partial<Filter>) => {
    const { types, text } = { ...filter, ...change };
    setSearch(
      [
        ...types.map((type) => ['type', type] as [string, string]),
        ...(text ? [['q', text] as [string, string]] : []),
      ],
      {
        replace: true,
      },
    );
  };
  return { filter, setFilter };
}

type Props = { filter: Filter; onChange: (change: Partial<Filter>) => void };

export function FilterForm({ filter, onChange }: Props) {
  const texts = usePageTexts(eventTexts);
  const { data: types = [] } = useEventTypes();
  const active = filter.types.map((type) => ({
    label: type as string,
    remove: () => onChange({ types: filter.types.filter((other) => other !== type) }),
  }));
  if (filter.text)
    active.push({ label: `${texts.search}: ${filter.text}`, remove: () => onChange({ text: '' }) });
  return (
    <Filters active={active}>
      <Group align="flex-start" role="search" aria-label={texts.filter}>
        <MultiSelect
          label={texts.types}
          placeholder={filter.types.length === 0 ? texts.allTypes : undefined}
          style={{ flex: '1 1 280px' }}
          maw={560}
          styles={{ pillsList: { maxHeight: 96, overflowY: 'auto' } }}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': texts.clearTypes }}
          data={types}
          value={[...filter.types]}
          onChange={(chosen) => onChange({ types: chosen })}
        />
        <TextInput
          label={texts.search}
          placeholder={texts.searchHint}
          w={{ base: '100%', xs: 280 }}
          value={filter.text}
          onChange={(event) => onChange({ text: event.currentTarget.value })}
        />
      </Group>
    </Filters>
  );
}
