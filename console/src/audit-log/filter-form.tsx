import { Group, NativeSelect, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { OperationFilter, PersonFilter, TargetFilter } from './filter-choices';
import { auditTexts } from './texts';
import { addressOf, type FilterProps, type Period } from './use-filter';

export function FilterForm({ filter, onChange }: FilterProps) {
  const texts = usePageTexts(auditTexts);
  return (
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
  );
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
