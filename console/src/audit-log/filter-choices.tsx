import { MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { personLabel, useFoundPeople, usePerson } from '../people/find-people';
import { usePageTexts } from '../texts/texts';
import type { FilterProps } from './use-filter';
import { useNames } from './names';
import { useTarget } from './targets';
import { auditTexts } from './texts';
import { useOperations, useThoseWhoLeft } from './use-audit-log';
import { useOperationName } from './words';

/** Who did it. Members are found by the server, which may know thousands; who has left is offered as far as entries show them. */
export function PersonFilter({ filter: { personId }, onChange }: FilterProps) {
  const texts = usePageTexts(auditTexts);
  const [typed, setTyped] = useState('');
  const [searched] = useDebouncedValue(typed, 300);
  const chosen = usePerson(personId);
  const { data = [] } = useFoundPeople(chosen && searched === personLabel(chosen) ? '' : searched);
  const others = data.filter(({ user_id: id }) => id !== personId);
  const people = (chosen ? [chosen, ...others] : others).map((person) => ({
    value: person.user_id,
    label: personLabel(person),
  }));
  const left = [...useThoseWhoLeft()]
    .map(([value, { name, email }]) => ({
      value,
      label: personLabel({ full_name: name === email ? null : name, email }),
    }))
    .filter(({ value, label }) => value === personId || (searched && contains(label, searched)))
    .filter(({ value }) => people.every((person) => person.value !== value));
  const choices = [...left, ...people];
  return (
    <Select
      label={texts.who}
      placeholder={texts.anyone}
      w={{ base: '100%', xs: 220 }}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': texts.clearPerson }}
      comboboxProps={{ width: 340, position: 'bottom-start' }}
      nothingFoundMessage={texts.noPersonFound}
      filter={({ options }) => options}
      data={choices}
      value={choices.some(({ value }) => value === personId) ? personId : null}
      onSearchChange={setTyped}
      onChange={(id) => onChange({ personId: id ?? '' })}
    />
  );
}

/** Whom or what it concerns. */
export function TargetFilter({ filter: { targetId }, onChange }: FilterProps) {
  const texts = usePageTexts(auditTexts);
  const [typed, setTyped] = useState('');
  const [isOpened, setOpened] = useState(false);
  const choices = useTargetChoices(targetId, { typed, isOpened });
  return (
    <Select
      label={texts.target}
      placeholder={texts.anything}
      w={{ base: '100%', xs: 220 }}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': texts.clearTarget }}
      comboboxProps={{ width: 340, position: 'bottom-start' }}
      nothingFoundMessage={texts.noTargetFound}
      maxDropdownHeight={360}
      filter={({ options }) => options}
      data={choices}
      value={targetId || null}
      onDropdownOpen={() => setOpened(true)}
      onSearchChange={setTyped}
      onChange={(id) => onChange({ targetId: id ?? '' })}
    />
  );
}

const MOST_OF_A_KIND = 20;

/** Members that the server finds, and everything else whose name contains the text; the chosen one is always among them. */
function useTargetChoices(targetId: string, { typed, isOpened }: { typed: string; isOpened: boolean }) {
  const texts = usePageTexts(auditTexts);
  const chosen = useTarget(targetId);
  const { nameOf, byKind } = useNames(() => isOpened || (chosen?.ids.length === 1 && !chosen.label));
  const label = chosen?.label ?? nameOf(targetId) ?? targetId;
  const text = typed === label ? '' : typed;
  const [searched] = useDebouncedValue(text, 300);
  const { data: people = [] } = useFoundPeople(searched);
  const members = people.map((person) => [person.id, personLabel(person)] as const);
  const groups = [['person', members] as const, ...byKind].map(([kind, all]) => ({
    group: texts.kinds[kind],
    items: all
      .filter(([id, name]) => id !== targetId && contains(name, kind === 'person' ? '' : text))
      .slice(0, MOST_OF_A_KIND)
      .map(([value, name]) => ({ value, label: name })),
  }));
  const found = groups.filter(({ items }) => items.length > 0);
  return targetId ? [{ value: targetId, label }, ...found] : found;
}

/** The value of the choice that stands for every operation whose name contains the typed text. */
const ALL_FOUND = '*';

export function OperationFilter({ filter, onChange }: FilterProps) {
  const texts = usePageTexts(auditTexts);
  const operationName = useOperationName();
  const [typed, setTyped] = useState('');
  const { data = [] } = useOperations();
  const choices = [...new Set([...data, ...filter.operations])]
    .map((value) => ({ value, label: operationName(value) }))
    .toSorted((one, other) => one.label.localeCompare(other.label));
  const found = typed ? choices.filter(({ label }) => contains(label, typed)).map(({ value }) => value) : [];
  const all = { value: ALL_FOUND, label: texts.allWith(typed, found.length) };
  const choose = (chosen: string[]) => {
    const added = chosen.includes(ALL_FOUND) ? [...filter.operations, ...found] : chosen;
    onChange({ operations: [...new Set(added)] });
    if (chosen.includes(ALL_FOUND)) setTyped('');
  };
  return (
    <MultiSelect
      label={texts.operation}
      placeholder={filter.operations.length === 0 ? texts.allOperations : undefined}
      style={{ flex: '1 1 240px' }}
      maw={480}
      styles={{ pillsList: { maxHeight: 96, overflowY: 'auto' } }}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': texts.clearOperations }}
      data={found.length > 1 ? [all, ...choices] : choices}
      value={[...filter.operations]}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={choose}
    />
  );
}

const contains = (name: string, text: string): boolean =>
  name.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase());
