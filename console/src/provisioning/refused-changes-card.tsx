import { Code, Text } from '@mantine/core';
import type { Entry } from '../audit-log/targets';
import { useOperationName } from '../audit-log/words';
import { Loaded } from '../common/loaded';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { problemTexts } from '../problems/problem-texts';
import { SettingsCard } from '../common/settings-card';
import { useLanguage, usePageTexts, useRecentTimes } from '../texts/texts';
import { refusalTexts } from './refusal-texts';
import { provisioningTexts } from './texts';
import { useLatestChanges } from './use-scim';

/** Refusals with the same code of the same operation. */
type Row = { readonly id: string; readonly latest: Entry; readonly code: string; readonly count: number };

/** Why changes of the identity provider were refused, with the remedy. */
export function RefusedChangesCard() {
  const texts = usePageTexts(provisioningTexts);
  const columns = useColumns();
  return (
    <SettingsCard title={texts.refused} text={texts.refusedText} help="scimWorks">
      <Loaded query={useLatestChanges()}>
        {({ entries }) => (
          <SimpleTable
            caption={texts.refused}
            columns={columns}
            rows={rowsOf(entries)}
            keyOf={({ id }) => id}
            emptyText={texts.noneRefused}
          />
        )}
      </Loaded>
    </SettingsCard>
  );
}

function rowsOf(entries: readonly Entry[]): Row[] {
  const refused = entries.filter(({ status_id: status }) => status === 2);
  const groups = Map.groupBy(refused, (entry) => `${codeOf(entry)} ${entry.api.operation}`);
  return [...groups].flatMap(([id, [latest, ...others]]) =>
    latest ? [{ id, latest, code: codeOf(latest), count: others.length + 1 }] : [],
  );
}

/** Older entries have the status alone. */
function codeOf({ unmapped, http_response: { code: status } }: Entry): string {
  const { code, scimType } = unmapped.original_audit_log.enrichments?.details ?? {};
  if (typeof code !== 'string') return String(status);
  return typeof scimType === 'string' ? `${code} (${scimType})` : code;
}

function useColumns(): SimpleColumn<Row>[] {
  const texts = usePageTexts(provisioningTexts);
  const textOf = useRefusalText();
  const operationName = useOperationName();
  const time = useRecentTimes();
  const when = ({ latest, count }: Row) =>
    `${count > 1 ? `${texts.times(count)} ` : ''}${time(new Date(latest.time).toISOString())}`;
  return [
    {
      label: texts.problem,
      cell: (row) => {
        const [problem, remedy] = textOf(row.code.split(' ')[0] ?? '');
        return (
          <>
            <Text size="sm">{problem}</Text>
            <Text size="sm" c="dimmed">
              {remedy}
            </Text>
            <Code>{row.code}</Code>
            <Text size="xs" c="dimmed" mt={4} hiddenFrom="sm">
              {operationName(row.latest.api.operation)}
              <br />
              {when(row)}
            </Text>
          </>
        );
      },
    },
    {
      label: texts.operation,
      visibleFrom: 'sm',
      width: 170,
      cell: ({ latest }) => <Text size="sm">{operationName(latest.api.operation)}</Text>,
    },
    {
      label: texts.when,
      visibleFrom: 'sm',
      width: 170,
      cell: (row) => <Text size="sm">{when(row)}</Text>,
    },
  ];
}

function useRefusalText(): (code: string) => readonly [problem: string, remedy: string] {
  const texts = usePageTexts(provisioningTexts);
  const ofScim = usePageTexts(refusalTexts);
  const { language } = useLanguage();
  return (code) => ofScim[code] ?? [problemTexts[code]?.[language] ?? texts.unknownRefusal, ''];
}
