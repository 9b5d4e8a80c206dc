import { Button, Group, Stack, Text } from '@mantine/core';
import { Problem } from '../../common/problem';
import type { Texts } from '../../texts/en';
import { useTexts } from '../../texts/texts';
import type { Role } from '../use-members';
import { PeopleTable } from './people-table';
import { isSent, type PreviewRow } from './preview-people';

type Props = {
  rows: readonly PreviewRow[];
  roles: readonly Role[];
  error: Error | null;
  isSending: boolean;
  onEdit: () => void;
  onSend: () => void;
};

export const stateText = ({ state, roleName }: PreviewRow, { states }: Texts['add']): string =>
  state === 'unknownRole' ? states.unknownRole(roleName ?? '') : states[state];

export function Preview({ rows, roles, error, isSending, onEdit, onSend }: Props) {
  const { add } = useTexts();
  const count = rows.filter(isSent).length;
  const roleOf = ({ roleId }: PreviewRow) => roles.find(({ id }) => id === roleId)?.display_name ?? '';
  return (
    <Stack>
      <PeopleTable
        label={add.preview}
        textLabel={add.status}
        rows={rows.map((row) => ({
          ...row,
          role: isSent(row) ? roleOf(row) : '',
          text: stateText(row, add),
          tone: isSent(row) ? 'good' : row.state === 'memberHere' ? 'neutral' : 'bad',
        }))}
      />
      {error && (
        <>
          <Text size="sm" fw={600}>
            {add.refused}
          </Text>
          <Problem error={error} />
        </>
      )}
      {count === 0 && <Text size="sm">{add.nothingToSend}</Text>}
      <Group justify="space-between">
        <Button variant="default" onClick={onEdit} disabled={isSending}>
          {add.edit}
        </Button>
        <Button onClick={onSend} loading={isSending} disabled={count === 0}>
          {add.send(count)}
        </Button>
      </Group>
    </Stack>
  );
}
