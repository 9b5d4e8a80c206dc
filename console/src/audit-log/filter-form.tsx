import { Group, NativeSelect, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type ActiveFilter, Filters } from '../common/filters';
import { personLabel, usePerson } from '../people/find-people';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { OperationFilter, PersonFilter, TargetFilter } from './filter-choices';
import { auditTexts } from './texts';
import { useTarget } from './targets';
import { addressOf, DEFAULT_FILTER, type Filter, type FilterProps, type Period } from './use-filter';
import { useOperationName } from './words';

export function FilterForm({ filter, onChange }: FilterProps) {
  const texts = usePageTexts(auditTexts);
  return (
    <Filters active={useActive({ filter, onChange })}>
      <Stack gap="sm" role="search" aria-label={texts.filter}>
        <Group align="flex-start">
          <NativeSelect
            label={texts.period}
            w={{ base: '100%', xs: 195 }}
            data={Object.entries(texts.periods).map(([value, label]) => ({ value, label }))}
            value={filter.period}
            onChange={(event) => onChange({ period: event.currentTarget.value as Period })}
          />
          {filter.period === 'custom' && <Days filter={filter} onChange={onChange} />}
          <PersonFilter filter={filter} onChange={onChange} />
          <TargetFilter filter={filter} onChange={onChange} />
          <OperationFilter filter={filter} onChange={onChange} />
          <Workspace filter={filter} onChange={onChange} />
          <Address filter={filter} onChange={onChange} />
        </Group>
        <Switch
          label={texts.withReading}
          checked={filter.withReading}
          onChange={(event) => onChange({ withReading: event.currentTarget.checked })}
        />
      </Stack>
    </Filters>
  );
}

/** The filters that are set, in the words of their choices; a name that is not read yet is left out. */
function useActive({ filter, onChange }: FilterProps): ActiveFilter[] {
  const texts = usePageTexts(auditTexts);
  const operationName = useOperationName();
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  const person = usePerson(filter.personId);
  const target = useTarget(filter.targetId);
  const named = (label: string, name?: string | null) => (name ? `${label}: ${name}` : label);
  const labels: Partial<Record<keyof Filter, string>> = {
    period: named(texts.period, texts.periods[filter.period]),
    personId: named(texts.who, person && personLabel(person)),
    targetId: named(texts.target, target?.label),
    workspaceId: named(texts.workspace, workspaces.find(({ id }) => id === filter.workspaceId)?.display_name),
    address: named(texts.address, filter.address),
    withReading: texts.withReading,
  };
  const { operations } = filter;
  return [
    ...(Object.keys(labels) as (keyof Filter)[])
      .filter((name) => filter[name] !== DEFAULT_FILTER[name])
      .map((name) => ({
        label: labels[name] ?? '',
        remove: () => onChange({ [name]: DEFAULT_FILTER[name] }),
      })),
    ...operations.map((operation) => ({
      label: operationName(operation),
      remove: () => onChange({ operations: operations.filter((other) => other !== operation) }),
    })),
  ];
}

/** The value is empty until the typed day is complete. */
function Days({ filter, onChange }: FilterProps) {
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

function Workspace({ filter, onChange }: FilterProps) {
  const texts = usePageTexts(auditTexts);
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  return (
    <NativeSelect
      label={texts.workspace}
      w={{ base: '100%', xs: 180 }}
      data={[
        { value: '', label: texts.allWorkspaces },
        ...workspaces.map(({ id, display_name: label }) => ({ value: id, label })),
      ]}
      value={filter.workspaceId}
      onChange={(event) => onChange({ workspaceId: event.currentTarget.value })}
    />
  );
}

/** Applied when the field is left, or with Enter. */
function Address({ filter, onChange }: FilterProps) {
  const texts = usePageTexts(auditTexts);
  const [typed, setTyped] = useState(filter.address);
  const [shown, setShown] = useState(filter.address);
  const [isWrong, setWrong] = useState(false);
  if (filter.address !== shown) {
    setShown(filter.address); // changed elsewhere
    setTyped(filter.address);
  }
  const apply = () => {
    const address = addressOf(typed.trim());
    setWrong(typed.trim() !== address);
    if (address !== filter.address) onChange({ address });
  };
  return (
    <TextInput
      label={texts.address}
      placeholder={texts.anyAddress}
      w={{ base: '100%', xs: 180 }}
      value={typed}
      error={isWrong && texts.notAnAddress}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        setWrong(false);
      }}
      onBlur={apply}
      onKeyDown={({ key }) => key === 'Enter' && apply()}
    />
  );
}
