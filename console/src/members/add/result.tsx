import { Alert, Button, Group, Stack } from '@mantine/core';
import type { Texts } from '../../texts/en';
import { useTexts } from '../../texts/texts';
import { useWorkspaceRoles } from '../use-members';
import { PeopleTable, type PersonRow } from './people-table';
import { stateText } from './preview';
import { isSent, type PreviewRow } from './preview-people';
import type { Added } from './use-add-people';

type Props = { rows: readonly PreviewRow[]; added: Added; onClose: () => void };

function summaryOf({ joined, invited }: Added, { joinedCount, invitedCount }: Texts['add']): string {
  const parts = [joined.size > 0 && joinedCount(joined.size), invited.size > 0 && invitedCount(invited.size)];
  return parts.filter(Boolean).join(' ');
}

export function Result({ rows, added, onClose }: Props) {
  const { add } = useTexts();
  const { data: roles = [] } = useWorkspaceRoles();
  const roleOf = ({ roleId }: PreviewRow) => roles.find(({ id }) => id === roleId)?.display_name ?? '';
  const shown = rows.map((row): PersonRow => {
    const email = row.email.toLowerCase();
    const hasJoined = isSent(row) && added.joined.has(email);
    const isInvited = isSent(row) && added.invited.has(email);
    return {
      email: row.email,
      role: hasJoined || isInvited ? roleOf(row) : '',
      text: hasJoined ? add.joined : isInvited ? add.invited : `${add.failed}: ${stateText(row, add)}`,
      tone: hasJoined || isInvited ? 'good' : 'neutral',
    };
  });
  return (
    <Stack>
      <Alert color="green" variant="light" role="status">
        {summaryOf(added, add)}
      </Alert>
      <PeopleTable label={add.result} textLabel={add.result} rows={shown} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{add.done}</Button>
      </Group>
    </Stack>
  );
}
