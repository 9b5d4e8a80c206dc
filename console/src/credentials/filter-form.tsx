import { Checkbox, Group, NativeSelect, Select, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { type ActiveFilter, Filters } from '../common/filters';
import { createdTexts } from '../created-credentials/texts';
import { personLabel, useFoundPeople, usePerson } from '../people/find-people';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { credentialTexts } from './texts';
import { ENDING_DAYS, type Filter, type Kind, KINDS, NO_FILTER, signInOf, UNUSED_DAYS } from './use-filter';

type Props = { filter: Filter; onChange: (change: Partial<Filter>) => void };

const WIDTH = { base: '100%', xs: 200 };

export function FilterForm({ filter, onChange }: Props) {
  const texts = usePageTexts(credentialTexts);
  const { kinds } = usePageTexts(createdTexts);
  const isAdmin = useIsOrganizationAdmin();
  return (
    <Filters active={useActive({ filter, onChange })}>
      <Stack gap="sm" role="search" aria-label={texts.filter}>
        <Group align="flex-start">
          {isAdmin && (
            <NativeSelect
              label={texts.kind}
              w={WIDTH}
              data={[
                { value: '', label: texts.anyKind },
                ...KINDS.map((value) => ({ value, label: kinds[value] })),
              ]}
              value={filter.kind}
              onChange={(event) => onChange({ kind: event.currentTarget.value as Kind | '' })}
            />
          )}
          <NativeSelect
            label={texts.use}
            w={WIDTH}
            data={[
              { value: '', label: texts.anyUse },
              ...UNUSED_DAYS.map((days) => ({ value: String(days), label: texts.unusedFor(days) })),
              { value: 'never', label: texts.neverUsed },
            ]}
            value={filter.use}
            onChange={(event) => onChange({ use: event.currentTarget.value })}
          />
          <NativeSelect
            label={texts.end}
            w={WIDTH}
            data={[
              { value: '', label: texts.anyEnd },
              ...ENDING_DAYS.map((days) => ({ value: String(days), label: texts.endsIn(days) })),
              { value: 'never', label: texts.neverEnds },
            ]}
            value={filter.end}
            onChange={(event) => onChange({ end: event.currentTarget.value })}
          />
          {isAdmin && (
            <NativeSelect
              label={texts.signIn}
              w={WIDTH}
              data={[
                { value: '', label: texts.anySignIn },
                { value: 'weaker', label: texts.weakerSignIn },
                { value: 'unknown', label: texts.unknownSignIn },
              ]}
              value={filter.signIn}
              onChange={(event) => onChange({ signIn: signInOf(event.currentTarget.value) })}
            />
          )}
          <OwnerFilter filter={filter} onChange={onChange} />
        </Group>
        <Checkbox
          label={texts.onlyGone}
          checked={filter.onlyGone}
          onChange={(event) => onChange({ onlyGone: event.currentTarget.checked })}
        />
      </Stack>
    </Filters>
  );
}

/** The filters that are set, in the words of their choices. */
function useActive({ filter, onChange }: Props): ActiveFilter[] {
  const texts = usePageTexts(credentialTexts);
  const { kinds } = usePageTexts(createdTexts);
  const owner = usePerson(filter.owner);
  const labels: Record<keyof Filter, string> = {
    kind: filter.kind && kinds[filter.kind],
    use: filter.use === 'never' ? texts.neverUsed : texts.unusedFor(Number(filter.use)),
    end: filter.end === 'never' ? texts.neverEnds : texts.endsIn(Number(filter.end)),
    signIn: filter.signIn === 'weaker' ? texts.weakerSignIn : texts.unknownSignIn,
    owner: `${texts.owner}: ${owner ? personLabel(owner) : texts.formerMember}`,
    onlyGone: texts.onlyGone,
  };
  return (Object.keys(NO_FILTER) as (keyof Filter)[])
    .filter((name) => filter[name])
    .map((name) => ({ label: labels[name], remove: () => onChange({ [name]: NO_FILTER[name] }) }));
}

/** Found by the server, which may know thousands. */
function OwnerFilter({ filter: { owner }, onChange }: Props) {
  const texts = usePageTexts(credentialTexts);
  const [typed, setTyped] = useState('');
  const [searched] = useDebouncedValue(typed, 300);
  const chosen = usePerson(owner);
  const { data = [] } = useFoundPeople(chosen && searched === personLabel(chosen) ? '' : searched);
  const others = data.filter(({ user_id: id }) => id !== owner);
  const people = chosen ? [chosen, ...others] : others;
  const options = people.map((person) => ({ value: person.user_id, label: personLabel(person) }));
  const formerOwner = owner && !chosen ? [{ value: owner, label: texts.formerMember }] : [];
  return (
    <Select
      label={texts.owner}
      placeholder={texts.anyOwner}
      w={{ base: '100%', xs: 240 }}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': texts.clearOwner }}
      comboboxProps={{ width: 340, position: 'bottom-start' }}
      nothingFoundMessage={texts.noOwnerFound}
      filter={({ options: all }) => all}
      data={[...formerOwner, ...options]}
      value={owner || null}
      onSearchChange={setTyped}
      onChange={(id) => onChange({ owner: id ?? '' })}
    />
  );
}
