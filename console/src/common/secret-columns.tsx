import { Badge, Button, Group, Text } from '@mantine/core';
import { useDates, useTexts } from '../texts/texts';
import type { SimpleColumn } from './simple-table';

type Secret = {
  readonly description?: string;
  readonly created_at?: string | null;
  readonly last_used_at?: string | null;
  readonly expires_at?: string | null;
};

/** The first column of keys and tokens: what it is for, and how it begins. */
export function SecretName({ description, start, expiresAt, isRevoked = false }: SecretNameProps) {
  const { keys } = useTexts();
  const isExpired = expiresAt ? new Date(expiresAt).getTime() < Date.now() : false;
  const ended = isRevoked ? keys.revoked : isExpired ? keys.expired : null;
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" fw={500} truncate>
          {description}
        </Text>
        {ended && (
          <Badge color="red" variant="light" tt="none" style={{ flexShrink: 0 }}>
            {ended}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" ff="monospace" truncate>
        {start}
      </Text>
    </>
  );
}

type SecretNameProps = {
  description: string | undefined;
  start: string | undefined;
  expiresAt: string | null | undefined;
  isRevoked?: boolean;
};

/** When it was created and used, when it ends, and a button to delete it. */
export function useSecretColumns<Row extends Secret>(
  onDelete: ((row: Row) => void) | null,
): SimpleColumn<Row>[] {
  const { common, keys } = useTexts();
  const date = useDates();
  const or = (time: string | null | undefined, text: string) => (
    <Text size="sm">{time ? date(time) : text}</Text>
  );
  const columns: SimpleColumn<Row>[] = [
    {
      label: keys.created,
      visibleFrom: 'xl',
      width: 125,
      cell: ({ created_at: at }) => or(at, '–'),
    },
    {
      label: keys.lastUsed,
      visibleFrom: 'sm',
      width: 125,
      cell: ({ last_used_at: at }) => or(at, keys.neverUsed),
    },
    {
      label: keys.expires,
      visibleFrom: 'sm',
      width: 125,
      cell: ({ expires_at: at }) => or(at, keys.neverExpires),
    },
  ];
  if (!onDelete) return columns;
  const actions: SimpleColumn<Row> = {
    label: common.actionsColumn,
    width: 116,
    isUnseen: true,
    cell: (row) => (
      <Group justify="flex-end">
        <Button variant="subtle" color="red" size="compact-sm" onClick={() => onDelete(row)}>
          {keys.remove}
          <span className="visually-hidden"> {row.description}</span>
        </Button>
      </Group>
    ),
  };
  return [...columns, actions];
}
