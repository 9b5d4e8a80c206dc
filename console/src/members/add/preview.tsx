import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { endTexts } from '../../access-ends/texts';
import { Problem } from '../../common/problem';
import { ProblemText } from '../../problems/problem-text';
import type { Texts } from '../../texts/en';
import { useMinutes, usePageTexts, useTexts } from '../../texts/texts';
import { WayIn } from '../../without-mail/way-in';
import { isAlreadyThere, isSent, type PreviewRow, rolesGiven } from './preview-people';

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
      <PeopleTable label={add.preview} textLabel={add.status} rows={rows.map((row) => previewed(row, add))} />
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

const previewed = (row: PreviewRow, add: Texts['add']): PersonRow => ({
  email: row.email,
  fullName: row.fullName,
  role: rolesGiven(row).join(', '),
  text: stateText(row, add),
  tone: isSent(row) ? 'good' : isAlreadyThere(row) ? 'neutral' : 'bad',
});

function stateText(
  { state, roleName, refusal }: PreviewRow,
  { states, roleStates }: Texts['add'],
): ReactNode {
  if (state === 'refused') return refusal && <ProblemText error={refusal} isOfRow />;
  if (state === 'unknownRole' || state === 'ambiguousRole' || state === 'needsWorkspaces')
    return roleStates[state](roleName ?? '');
  return states[state];
}

/** What became of a row that was sent. `notMailed`: invited, and nothing was mailed. */
export type Outcome = {
  readonly kind: 'joined' | 'invited' | 'notMailed';
  /** The end that stays, null for none, if the request named another one. */
  readonly keptEnd?: string | null;
};
export type Outcomes = ReadonlyMap<PreviewRow, Outcome>;

type ResultProps = { rows: readonly PreviewRow[]; outcomes: Outcomes; onClose: () => void };

export function Result({ rows, outcomes, onClose }: ResultProps) {
  const { add } = useTexts();
  const kinds = [...outcomes.values()].map(({ kind }) => kind);
  const shown = rows.map((row): PersonRow => {
    const outcome = outcomes.get(row);
    const person = previewed(row, add);
    return outcome
      ? { ...person, text: <Done outcome={outcome} /> }
      : { ...person, text: <Failed label={add.failed} why={person.text} />, tone: 'neutral' };
  });
  return (
    <Stack>
      <Alert color="green" variant="light" role="status">
        {summaryOf(kinds, add)}
      </Alert>
      {kinds.includes('notMailed') && <WayIn />}
      <PeopleTable label={add.result} textLabel={add.result} rows={shown} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{add.done}</Button>
      </Group>
    </Stack>
  );
}

function Done({ outcome: { kind, keptEnd } }: { outcome: Outcome }) {
  const { add } = useTexts();
  const texts = usePageTexts(endTexts);
  const time = useMinutes();
  return (
    <>
      {add[kind === 'joined' ? 'joined' : 'invited']}
      {keptEnd !== undefined && (
        <Text size="xs" c="dimmed">
          {texts.keptEnd(keptEnd ? texts.until(time(keptEnd)) : texts.permanently)}
        </Text>
      )}
    </>
  );
}

const Failed = ({ label, why }: { label: string; why: ReactNode }) => (
  <>
    {label}: {why}
  </>
);

function summaryOf(outcomes: readonly string[], { joinedCount, invitedCount }: Texts['add']): string {
  const joined = outcomes.filter((outcome) => outcome === 'joined').length;
  const invited = outcomes.length - joined;
  return [joined > 0 && joinedCount(joined), invited > 0 && invitedCount(invited)].filter(Boolean).join(' ');
}

type PersonRow = {
  readonly email: string;
  readonly fullName: string | null;
  readonly role: string;
  readonly text: ReactNode;
  readonly tone: keyof typeof MARKS;
};

const MARKS = { good: '✓', neutral: '–', bad: '✕' };
const COLORS = { good: 'green', neutral: 'dimmed', bad: 'red' };

type TableProps = { label: string; textLabel: string; rows: readonly PersonRow[] };

/** One line per person: address, role, and what happens or happened. */
function PeopleTable({ label, textLabel, rows }: TableProps) {
  const { members } = useTexts();
  return (
    <Table.ScrollContainer type="native" minWidth={0} mah="55dvh" role="region" aria-label={label} {...FOCUS}>
      <Table layout="fixed" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{members.email}</Table.Th>
            <Table.Th visibleFrom="sm" w={170}>
              {members.role}
            </Table.Th>
            <Table.Th>{textLabel}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ email, fullName, role, text, tone }, index) => (
            <Table.Tr key={index}>
              <Table.Td valign="top">
                <Text size="sm" className="wrapped">
                  <Address email={email} />
                </Text>
                <Text size="xs" c="dimmed" className="wrapped">
                  {fullName}
                </Text>
                <Text size="xs" c="dimmed" hiddenFrom="sm">
                  {role}
                </Text>
              </Table.Td>
              <Table.Td visibleFrom="sm" valign="top">
                <Text size="sm">{role}</Text>
              </Table.Td>
              <Table.Td valign="top">
                <Text size="sm" c={COLORS[tone]} className="marked">
                  <span aria-hidden>{MARKS[tone]}</span>
                  <span>{text}</span>
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Wraps after the @ before it wraps elsewhere. */
const Address = ({ email }: { email: string }) =>
  email.split(/(?<=@)/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));

/** The table can be scrolled with the keyboard, and gets the focus of the button that led to it. */
const FOCUS = { tabIndex: 0, 'data-autofocus': true };
