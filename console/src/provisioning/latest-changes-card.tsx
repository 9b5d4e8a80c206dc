import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { auditTexts } from '../audit-log/texts';
import type { Entry } from '../audit-log/targets';
import { useOperationName } from '../audit-log/words';
import { Loaded } from '../common/loaded';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { SettingsCard } from '../common/settings-card';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts, useTimes } from '../texts/texts';
import { provisioningTexts } from './texts';
import { changesQuery, useLatestChanges } from './use-scim';

const SHOWN = 10;

const hasSucceeded = ({ status_id: status }: Entry) => status === 1;

export function LatestChangesCard() {
  const texts = usePageTexts(provisioningTexts);
  const { orgId } = usePlace();
  const columns = useColumns();
  return (
    <SettingsCard title={texts.changes} text={texts.changesText} help="scimWorks">
      <Loaded query={useLatestChanges()}>
        {({ entries }) => (
          <>
            <SimpleTable
              caption={texts.changes}
              columns={columns}
              rows={entries.filter(hasSucceeded).slice(0, SHOWN)}
              keyOf={({ metadata }) => metadata.uid}
              emptyText={texts.noChanges}
            />
            {entries.length > 0 && (
              <Anchor
                component={Link}
                size="sm"
                to={`/organizations/${orgId}/settings/audit-log${changesQuery}`}
              >
                {texts.inAuditLog}
              </Anchor>
            )}
          </>
        )}
      </Loaded>
    </SettingsCard>
  );
}

function useColumns(): SimpleColumn<Entry>[] {
  const audit = usePageTexts(auditTexts);
  const time = useTimes();
  const operationName = useOperationName();
  return [
    {
      label: audit.operation,
      cell: ({ api }) => <Text size="sm">{operationName(api.operation)}</Text>,
    },
    {
      label: audit.time,
      cell: (entry) => <Text size="sm">{time(new Date(entry.time).toISOString())}</Text>,
    },
  ];
}
