import { Table, Text } from '@mantine/core';
import { useTexts } from '../../texts/texts';

export type PersonRow = {
  readonly email: string;
  readonly role: string;
  readonly text: string;
  readonly tone: 'good' | 'neutral' | 'bad';
};

type Props = {
  label: string;
  /** The heading of the texts. */
  textLabel: string;
  rows: readonly PersonRow[];
};

const MARKS = { good: '✓', neutral: '–', bad: '✕' };
const COLORS = { good: 'green', neutral: 'dimmed', bad: 'red' };

/** One line per person: address, role, and what happens or happened. */
export function PeopleTable({ label, textLabel, rows }: Props) {
  const { members } = useTexts();
  return (
    <Table.ScrollContainer minWidth={0} maxHeight={360} aria-label={label} tabIndex={0}>
      <Table layout="fixed" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{members.email}</Table.Th>
            <Table.Th visibleFrom="sm" w={130}>
              {members.role}
            </Table.Th>
            <Table.Th>{textLabel}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ email, role, text, tone }, index) => (
            <Table.Tr key={index}>
              <Table.Td>
                <Text size="sm" truncate title={email}>
                  {email}
                </Text>
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Text size="sm">{role}</Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" c={COLORS[tone]}>
                  <span aria-hidden>{MARKS[tone]} </span>
                  {text}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
