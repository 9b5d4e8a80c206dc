import { Badge, Group, Table, Text, UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { useClockTimes, useDays, usePageTexts } from '../texts/texts';
import { type Burst, daysOf } from './entry-days';
import { auditTexts } from './texts';
import type { Entry } from './targets';
import { type Naming, useOperationName, useTargets, useWho } from './words';

export type EntryTableProps = {
  readonly caption: string;
  readonly entries: readonly Entry[];
  readonly naming: Naming;
  /** Left out where all entries have the same. */
  readonly hidden?: 'who' | 'target' | undefined;
  readonly onOpen: (entry: Entry) => void;
};

/** Entries by day; equal ones in short succession are one row, which shows them on request. */
export function EntryTable({ caption, entries, naming, hidden, onOpen }: EntryTableProps) {
  const texts = usePageTexts(auditTexts);
  const dayName = useDayName();
  return (
    <Table verticalSpacing="sm" layout="fixed" highlightOnHover aria-label={caption}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={{ base: '60%', sm: '34%' }}>{texts.operation}</Table.Th>
          {hidden !== 'who' && <Table.Th>{texts.who}</Table.Th>}
          {hidden !== 'target' && <Table.Th visibleFrom="sm">{texts.target}</Table.Th>}
          <Table.Th visibleFrom="lg" w={140}>
            {texts.workspace}
          </Table.Th>
          <Table.Th visibleFrom="sm" w={120}>
            {texts.time}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      {daysOf(entries).map(({ start, bursts }) => (
        <Table.Tbody key={start.toISOString()}>
          <Table.Tr>
            {/* not of all columns: hidden ones would get a width */}
            <Table.Th scope="rowgroup" colSpan={hidden === 'who' ? 1 : 2} pt="lg">
              {dayName(start)}
            </Table.Th>
          </Table.Tr>
          {bursts.map((burst) => (
            <BurstRows key={burst.newest.metadata.uid} {...{ burst, naming, hidden, onOpen }} />
          ))}
        </Table.Tbody>
      ))}
    </Table>
  );
}

type RowProps = Omit<EntryTableProps, 'caption' | 'entries'>;

function BurstRows({ burst: { newest, entries }, ...props }: RowProps & { burst: Burst }) {
  const texts = usePageTexts(auditTexts);
  const operationName = useOperationName();
  const [isOpen, setOpen] = useState(false);
  const [entry] = entries.length === 1 ? entries : [];
  if (entry) return <EntryRow entries={[entry]} {...props} />;
  return (
    <>
      <EntryRow
        {...props}
        entries={entries}
        title={
          <UnstyledButton fz="sm" fw={500} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <span aria-hidden>{isOpen ? '▾ ' : '▸ '}</span>
            <span style={{ textDecoration: 'underline' }}>{operationName(newest.api.operation)}</span>{' '}
            <Badge component="span" variant="light" color="gray" tt="none">
              {texts.times(entries.length)}
            </Badge>
          </UnstyledButton>
        }
      />
      {isOpen && entries.map((one) => <EntryRow key={one.metadata.uid} entries={[one]} isPart {...props} />)}
    </>
  );
}

type Entries = readonly [Entry, ...Entry[]] | readonly Entry[];

/** An entry, or all of a burst, whose `title` opens them. */
function EntryRow({
  entries,
  naming,
  hidden,
  onOpen,
  title,
  isPart = false,
}: RowProps & { entries: Entries; title?: ReactNode; isPart?: boolean }) {
  const texts = usePageTexts(auditTexts);
  const operationName = useOperationName();
  const who = useWho(naming);
  const targetsOf = useTargets(naming);
  const time = useTimeSpan();
  const workspaceName = useWorkspaceName();
  const [newest] = entries;
  if (!newest) return null;
  const targets = targetsOf(entries);
  return (
    <Table.Tr>
      <Table.Td pl={isPart ? 'xl' : undefined}>
        <Group gap="xs">
          {title ?? (
            <UnstyledButton fz="sm" fw={500} td="underline" onClick={() => onOpen(newest)}>
              {operationName(newest.api.operation)}
            </UnstyledButton>
          )}
          {newest.status_id === 2 && (
            <Badge color="red" variant="light" tt="none">
              {texts.failed}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="sm" style={{ overflowWrap: 'anywhere' }}>
          {[hidden === 'target' ? '' : targets, time(entries)].filter(Boolean).join(' · ')}
        </Text>
      </Table.Td>
      {hidden !== 'who' && <Cell text={who(newest)} />}
      {hidden !== 'target' && <Cell text={targets} visibleFrom="sm" />}
      <Cell text={workspaceName(newest)} visibleFrom="lg" />
      <Table.Td visibleFrom="sm">
        <Text size="sm">{time(entries)}</Text>
      </Table.Td>
    </Table.Tr>
  );
}

const Cell = ({ text, visibleFrom }: { text: string; visibleFrom?: 'sm' | 'lg' }) => (
  <Table.Td visibleFrom={visibleFrom}>
    <Text size="sm" lineClamp={2} title={text} style={{ overflowWrap: 'anywhere' }}>
      {text || '–'}
    </Text>
  </Table.Td>
);

function useWorkspaceName(): (entry: Entry) => string {
  const { orgId } = usePlace();
  const { data = [] } = useWorkspaces(orgId);
  return ({ unmapped }) =>
    data.find(({ id }) => id === unmapped.original_audit_log.workspace_id)?.display_name ?? '';
}

/** Of entries that are newest first. */
function useTimeSpan(): (entries: readonly Entry[]) => string {
  const clock = useClockTimes();
  return (entries) => {
    const [newest, oldest] = [entries[0], entries.at(-1)].map((entry) =>
      entry ? clock(new Date(entry.time).toISOString()) : '',
    );
    return newest === oldest ? `${newest}` : `${oldest} – ${newest}`;
  };
}

function useDayName(): (start: Date) => string {
  const texts = usePageTexts(auditTexts);
  const day = useDays();
  return (start) => {
    const date = day(start.toISOString());
    const age = new Date().setHours(0, 0, 0, 0) - start.getTime();
    if (age <= 0) return `${texts.today}, ${date}`;
    return age <= 25 * 60 * 60 * 1000 ? `${texts.yesterday}, ${date}` : date;
  };
}
