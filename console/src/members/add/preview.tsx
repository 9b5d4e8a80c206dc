import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { endTexts } from '../../access-ends/texts';
import { Problem } from '../../common/problem';
import { ProblemText } from '../../problems/problem-text';
import type { Texts } from '../../texts/en';
import { useMinutes, usePageTexts, useTexts } from '../../texts/texts';
import { PeopleTable, type PersonRow } from './people-table';
import { isAlreadyThere, isSent, type PreviewRow, rolesGiven } from './preview-people';
import { listTexts } from './texts';

type PreviewProps = {
  rows: readonly PreviewRow[];
  /** When the access of all of them ends. */
  end: string | null | undefined;
  sendLabel: (count: number) => string;
  error: Error | null;
  isSending: boolean;
  onEdit: () => void;
  onSend: () => void;
};

/** What happens to each person if the list is sent. */
export function Preview({ rows, end, sendLabel, error, isSending, onEdit, onSend }: PreviewProps) {
  const { add } = useTexts();
  const texts = usePageTexts(endTexts);
  const time = useMinutes();
  const count = rows.filter(isSent).length;
  const refusedCount = rows.filter(({ state }) => state === 'refused').length;
  return (
    <Stack>
      {refusedCount > 0 && (
        <Alert color="red" variant="light" role="alert">
          {add.refusedRows(refusedCount)} {count > 0 && add.othersCanBeAdded}
        </Alert>
      )}
      {end && (
        <Text size="sm">
          {texts.label}: {time(end)}
        </Text>
      )}
      <PeopleTable
        label={add.preview}
        textLabel={add.status}
        rows={rows.map((row) => previewed(row, add))}
        height="50dvh"
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
      <Group justify="space-between" wrap="nowrap">
        <Button variant="default" onClick={onEdit} disabled={isSending}>
          {add.edit}
        </Button>
        <Button ml="auto" onClick={onSend} loading={isSending} disabled={count === 0}>
          {sendLabel(count)}
        </Button>
      </Group>
    </Stack>
  );
}

export const previewed = (row: PreviewRow, add: Texts['add']): PersonRow => ({
  email: row.email,
  fullName: row.fullName,
  role: rolesGiven(row).join(', '),
  text: (
    <>
      {row.state === 'refused'
        ? row.refusal && <ProblemText error={row.refusal} isOfRow />
        : stateText(row, add)}
      <OtherRoles row={row} />
    </>
  ),
  kind: isSent(row) ? 'sent' : isAlreadyThere(row) ? 'already' : 'problem',
});

function OtherRoles({ row }: { row: PreviewRow }) {
  const texts = usePageTexts(listTexts);
  return row.otherRoles.map(({ role, wanted }) => (
    <Text key={role} size="xs" c="dimmed">
      {texts.otherRole(role, wanted.display_name)}
    </Text>
  ));
}

/** Without what the server refused, which `ProblemText` explains. */
export function stateText({ state, roleName }: PreviewRow, { states, roleStates }: Texts['add']): string {
  if (state === 'unknownRole' || state === 'ambiguousRole' || state === 'needsWorkspaces')
    return roleStates[state](roleName ?? '');
  return state === 'refused' ? '' : states[state];
}
