import { Group, MultiSelect, NativeSelect, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { personLabel, useFoundPeople, usePerson } from '../members/find-people';
import { usePlace, useWorkspaces } from '../shell/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { auditTexts } from './texts';
import type { Filter, Period } from './use-filter';
import { useOperations } from './use-audit-log';
import { useOperationName } from './words';

type Props = { filter: Filter; onChange: (change: Partial<Filter>) => void };

export function FilterForm({ filter, onChange }: Props) {
  const texts = usePageTexts(auditTexts);
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  return (
    <Group align="flex-end" role="search" aria-label={texts.filter}>
      <NativeSelect
        label={texts.period}
        w={195}
        data={Object.entries(texts.periods).map(([value, label]) => ({ value, label }))}
        value={filter.period}
        onChange={(event) => onChange({ period: event.currentTarget.value as Period })}
      />
      {filter.period === 'custom' && <Days filter={filter} onChange={onChange} />}
      <Person filter={filter} onChange={onChange} />
      <Operations filter={filter} onChange={onChange} />
      <NativeSelect
        label={texts.workspace}
        w={180}
        data={[
          { value: '', label: texts.allWorkspaces },
          ...workspaces.map(({ id, display_name: label }) => ({ value: id, label })),
        ]}
        value={filter.workspaceId}
        onChange={(event) => onChange({ workspaceId: event.currentTarget.value })}
      />
    </Group>
  );
}

/** A day that is typed by half is an empty text until it is complete. */
function Days({ filter, onChange }: Props) {
  const texts = usePageTexts(auditTexts);
  return (
    <>
      <TextInput
        type="date"
        label={texts.from}
        value={filter.from}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={texts.to}
        value={filter.to}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
    </>
  );
}

/** Found by the server, which may know thousands. */
function Person({ filter: { personId }, onChange }: Props) {
  const texts = usePageTexts(auditTexts);
  const [typed, setTyped] = useState('');
  const [searched] = useDebouncedValue(typed, 300);
  const chosen = usePerson(personId);
  const { data = [] } = useFoundPeople(chosen && searched === personLabel(chosen) ? '' : searched);
  const others = data.filter(({ user_id: id }) => id !== personId);
  const people = chosen ? [chosen, ...others] : others;
  return (
    <Select
      label={texts.who}
      placeholder={texts.anyone}
      w={220}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': texts.clearPerson }}
      comboboxProps={{ width: 340, position: 'bottom-start' }}
      nothingFoundMessage={texts.noPersonFound}
      filter={({ options }) => options}
      data={people.map((person) => ({ value: person.user_id, label: personLabel(person) }))}
      value={chosen ? personId : null}
      onSearchChange={setTyped}
      onChange={(id) => onChange({ personId: id ?? '' })}
    />
  );
}

function Operations({ filter, onChange }: Props) {
  const texts = usePageTexts(auditTexts);
  const operationName = useOperationName();
  const { data = [] } = useOperations();
  const known = [...new Set([...data, ...filter.operations])];
  return (
    <MultiSelect
      label={texts.operation}
      placeholder={filter.operations.length === 0 ? texts.allOperations : undefined}
      style={{ flex: '1 1 240px' }}
      maw={480}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': texts.clearOperations }}
      data={known
        .map((value) => ({ value, label: operationName(value) }))
        .toSorted((one, other) => one.label.localeCompare(other.label))}
      value={[...filter.operations]}
      onChange={(operations) => onChange({ operations })}
    />
  );
}
