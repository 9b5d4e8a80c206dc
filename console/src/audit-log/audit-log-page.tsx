import { Badge, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { PageHead } from '../common/page-head';
import { Problem } from '../common/problem';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { usePlace, useWorkspaces } from '../shell/use-workspaces';
import { usePageTexts, useTimes } from '../texts/texts';
import { EntryDrawer } from './entry-drawer';
import { ExportDialog } from './export-dialog';
import { FilterForm } from './filter-form';
import { auditTexts } from './texts';
import { type Entry, type People, useAuditLog } from './use-audit-log';
import { useFilter } from './use-filter';
import { useOperationName, useWho } from './words';

/** What happened in the organization, newest first. */
export function AuditLogPage() {
  const texts = usePageTexts(auditTexts);
  const { filter, now, setFilter, refresh } = useFilter();
  const log = useAuditLog({ filter, now });
  const [isExporting, dialog] = useDisclosure();
  return (
    <Stack gap="lg" maw={1200}>
      <PageHead
        title={texts.title}
        text={texts.text}
        action={
          <Group gap="xs">
            <Button variant="default" onClick={refresh}>
              {texts.refresh}
            </Button>
            <Button onClick={dialog.open}>{texts.export}</Button>
          </Group>
        }
      />
      <FilterForm filter={filter} onChange={setFilter} />
      <Loaded query={log}>
        {({ pages }) => (
          <Entries
            entries={pages.flatMap(({ entries }) => entries)}
            people={new Map(pages.flatMap(({ people }) => [...people]))}
          />
        )}
      </Loaded>
      {log.data && log.error && <Problem error={log.error} onRetry={log.fetchNextPage} />}
      <MoreButton label={texts.older} list={log} />
      {isExporting && <ExportDialog shown={{ filter, now }} onClose={dialog.close} />}
    </Stack>
  );
}

function Entries({ entries, people }: { entries: readonly Entry[]; people: People }) {
  const texts = usePageTexts(auditTexts);
  const [opened, setOpened] = useState<Entry | null>(null);
  return (
    <>
      <SimpleTable
        caption={texts.title}
        columns={useColumns(people, setOpened)}
        rows={entries}
        keyOf={({ metadata }) => metadata.uid}
        emptyText={texts.none}
      />
      {opened && <EntryDrawer entry={opened} people={people} onClose={() => setOpened(null)} />}
    </>
  );
}

function useColumns(people: People, open: (entry: Entry) => void): SimpleColumn<Entry>[] {
  const texts = usePageTexts(auditTexts);
  const time = useTimes();
  const operationName = useOperationName();
  const who = useWho(people);
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  const workspaceName = (id: string | null) =>
    workspaces.find((workspace) => workspace.id === id)?.display_name;
  return [
    {
      label: texts.operation,
      cell: (entry) => (
        <>
          <Group gap="xs">
            <UnstyledButton fz="sm" fw={500} td="underline" onClick={() => open(entry)}>
              {operationName(entry.api.operation)}
            </UnstyledButton>
            {entry.status_id === 2 && (
              <Badge color="red" variant="light" tt="none">
                {texts.failed}
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            {time(new Date(entry.time).toISOString())}
          </Text>
        </>
      ),
    },
    {
      label: texts.who,
      cell: (entry) => (
        <Text size="sm" truncate>
          {who(entry)}
        </Text>
      ),
    },
    {
      label: texts.workspace,
      visibleFrom: 'lg',
      width: 200,
      cell: ({ unmapped }) => (
        <Text size="sm" truncate>
          {workspaceName(unmapped.original_audit_log.workspace_id) ?? '–'}
        </Text>
      ),
    },
    {
      label: texts.time,
      visibleFrom: 'sm',
      width: 240,
      cell: (entry) => <Text size="sm">{time(new Date(entry.time).toISOString())}</Text>,
    },
  ];
}
