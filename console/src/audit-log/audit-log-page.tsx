import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { PageHead } from '../common/page-head';
import { usePageTexts } from '../texts/texts';
import { AuditEntries } from './audit-entries';
import { ExportDialog } from './export-dialog';
import { FilterForm } from './filter-form';
import { useTarget } from './targets';
import { auditTexts } from './texts';
import { DEFAULT_FILTER, type Filter, useFilter } from './use-filter';

/** What happened in the organization, newest first. */
export function AuditLogPage() {
  const texts = usePageTexts(auditTexts);
  const { filter, now, setFilter, refresh } = useFilter();
  const target = useTarget(filter.targetId);
  const shown = target === undefined ? null : { filter, now, targetIds: target?.ids ?? null };
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
            <Button disabled={!shown} onClick={dialog.open}>
              {texts.export}
            </Button>
          </Group>
        }
      />
      <FilterForm filter={filter} onChange={setFilter} />
      <AuditEntries
        caption={texts.title}
        shown={shown}
        empty={<NoEntries filter={filter} onChange={setFilter} />}
      />
      {isExporting && shown && <ExportDialog shown={shown} onClose={dialog.close} />}
    </Stack>
  );
}

function NoEntries({ filter, onChange }: { filter: Filter; onChange: (change: Partial<Filter>) => void }) {
  const texts = usePageTexts(auditTexts);
  const { period } = filter;
  const isFiltered =
    JSON.stringify({ ...filter, period: DEFAULT_FILTER.period }) !== JSON.stringify(DEFAULT_FILTER);
  return (
    <Stack align="center" py="xl">
      <Text c="dimmed">{texts.none}</Text>
      <Group>
        {period !== 'all' && (
          <Button variant="default" onClick={() => onChange({ period: 'all' })}>
            {texts.searchAll}
          </Button>
        )}
        {isFiltered && (
          <Button variant="default" onClick={() => onChange({ ...DEFAULT_FILTER, period })}>
            {texts.removeFilters}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
