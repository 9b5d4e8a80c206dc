import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { Fragment, type ReactNode, useState } from 'react';
import { usePageTexts, useTexts } from '../../texts/texts';
import { type ListTexts, listTexts } from './texts';

/** What happens to a person of the list, or has happened. */
export type Kind = keyof ListTexts['sums'];

export type PersonRow = {
  readonly email: string;
  readonly fullName: string | null;
  readonly role: string;
  readonly text: ReactNode;
  readonly kind: Kind;
};

const PROBLEMS: readonly Kind[] = ['problem', 'failed'];
const toneOf = (kind: Kind) => (PROBLEMS.includes(kind) ? 'bad' : kind === 'already' ? 'neutral' : 'good');

const MARKS = { good: '✓', neutral: '–', bad: '✕' };
const COLORS = { good: 'green', neutral: 'dimmed', bad: 'red' };

type Props = {
  label: string;
  textLabel: string;
  rows: readonly PersonRow[];
  /** At most; the rest of the window is for what stands around it. */
  height: string;
  /** Beside the sums. */
  action?: ReactNode;
};

/** How many people of each kind, as filters, and one line per person, those with problems first. */
export function PeopleTable({ label, textLabel, rows, height, action }: Props) {
  const { members } = useTexts();
  const [chosen, setChosen] = useState<Kind | null>(null);
  const problemsFirst = rows.toSorted(
    (one, other) => Number(PROBLEMS.includes(other.kind)) - Number(PROBLEMS.includes(one.kind)),
  );
  const shown = problemsFirst.filter(({ kind }) => chosen === null || kind === chosen);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Sums rows={rows} chosen={chosen} onChoose={setChosen} />
        {action}
      </Group>
      <Table.ScrollContainer
        type="native"
        minWidth={0}
        mah={height}
        role="region"
        aria-label={label}
        {...FOCUS}
      >
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
            {shown.map((row, index) => (
              <Line key={index} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

type SumsProps = {
  rows: readonly PersonRow[];
  chosen: Kind | null;
  onChoose: (kind: Kind | null) => void;
};

function Sums({ rows, chosen, onChoose }: SumsProps) {
  const texts = usePageTexts(listTexts);
  const counts = Map.groupBy(rows, ({ kind }) => kind);
  const kinds = KINDS.filter((kind) => counts.has(kind));
  const textOf = (kind: Kind) => texts.sums[kind](counts.get(kind)?.length ?? 0);
  return (
    <>
      <span className="visually-hidden" role="status">
        {kinds.map(textOf).join(' · ')}
      </span>
      <Group gap="xs" role="group" aria-label={texts.showOnly}>
        {kinds.map((kind) => (
          <Button
            key={kind}
            size="compact-sm"
            fw={500}
            variant={chosen === kind ? 'filled' : 'default'}
            aria-pressed={chosen === kind}
            leftSection={
              <Text span inherit c={chosen === kind ? undefined : COLORS[toneOf(kind)]} aria-hidden>
                {MARKS[toneOf(kind)]}
              </Text>
            }
            onClick={() => onChoose(chosen === kind ? null : kind)}
          >
            {textOf(kind)}
          </Button>
        ))}
      </Group>
    </>
  );
}

/** In the order in which they are shown. */
const KINDS: readonly Kind[] = ['sent', 'invited', 'joined', 'already', 'problem', 'failed'];

function Line({ row: { email, fullName, role, text, kind } }: { row: PersonRow }) {
  const tone = toneOf(kind);
  return (
    <Table.Tr>
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
        <Text component="div" size="sm" c={COLORS[tone]} className="marked">
          <span aria-hidden>{MARKS[tone]}</span>
          <span>{text}</span>
        </Text>
      </Table.Td>
    </Table.Tr>
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
