import { Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { usePageTexts } from '../texts/texts';
import { groupByResource, type Resource } from './permission-groups';
import { roleTexts } from './texts';
import type { Permission } from './use-roles';

type Held = ReadonlySet<string>;
type Props = {
  offered: readonly Permission[];
  held: Held;
  isReadOnly: boolean;
  onChange: (held: Held) => void;
};

/** A row for each resource; the verbs that most resources have stand below each other. */
export function PermissionMatrix({ offered, held, isReadOnly, onChange }: Props) {
  const texts = usePageTexts(roleTexts);
  const [query, setQuery] = useState('');
  const { resources, columns } = groupByResource(offered);
  const wanted = query.trim().toLowerCase();
  const isWanted = ({ name, description }: Permission) =>
    name.toLowerCase().includes(wanted) || description.toLowerCase().includes(wanted);
  const shown = resources
    .map((one) => ({ ...one, entries: one.entries.filter(({ permission }) => isWanted(permission)) }))
    .filter(({ entries }) => entries.length > 0);
  const chosen = offered.filter(({ name }) => held.has(name)).length;
  const set = (names: readonly string[], isHeld: boolean) => {
    const next = new Set(held);
    for (const name of names)
      if (isHeld) next.add(name);
      else next.delete(name);
    onChange(next);
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="flex-end">
        <TextInput
          type="search"
          w={320}
          label={texts.permissions}
          placeholder={texts.search}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed" role="status">
          {texts.chosen(chosen, offered.length)}
        </Text>
      </Group>
      {shown.length === 0 && (
        <Text c="dimmed" py="xl" ta="center">
          {texts.noMatch}
        </Text>
      )}
      <div>
        {shown.map((resource) => (
          <ResourceRow
            key={resource.name}
            resource={resource}
            columns={columns}
            held={held}
            isReadOnly={isReadOnly}
            set={set}
          />
        ))}
      </div>
    </Stack>
  );
}

type RowProps = {
  resource: Resource;
  columns: readonly string[];
  held: Held;
  isReadOnly: boolean;
  set: (names: readonly string[], isHeld: boolean) => void;
};

function ResourceRow({ resource, columns, held, isReadOnly, set }: RowProps) {
  const texts = usePageTexts(roleTexts);
  const { name, entries } = resource;
  const names = entries.map(({ permission }) => permission.name);
  const count = names.filter((each) => held.has(each)).length;
  const others = entries.filter(({ verb }) => !columns.includes(verb));
  const box = (entry: Resource['entries'][number] | undefined) =>
    entry && (
      <Checkbox
        key={entry.verb}
        size="xs"
        label={entry.verb}
        title={entry.permission.description}
        aria-label={entry.permission.name}
        checked={held.has(entry.permission.name)}
        disabled={isReadOnly}
        onChange={(event) => set([entry.permission.name], event.currentTarget.checked)}
      />
    );
  return (
    <div className="permission-row" role="group" aria-label={name}>
      <Checkbox
        size="xs"
        label={name}
        aria-label={texts.allOf(name)}
        fw={600}
        checked={count === names.length}
        indeterminate={count > 0 && count < names.length}
        disabled={isReadOnly}
        onChange={() => set(names, count < names.length)}
      />
      {columns.map((verb) => (
        <div key={verb} className="permission-cell">
          {box(entries.find((entry) => entry.verb === verb))}
        </div>
      ))}
      <Group gap="sm" className="permission-others">
        {others.map(box)}
      </Group>
    </div>
  );
}
