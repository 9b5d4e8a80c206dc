import { Anchor, Button, Code, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { SettingsCard } from '../common/settings-card';
import { usePlace } from '../session/use-workspaces';
import { type PageTexts, usePageTexts, useRecentTimes } from '../texts/texts';
import { problemTexts } from './problem-texts';
import { DAYS, type FailedSignIn, PAGE_SIZE, useFailedSignIns } from './use-failed-sign-ins';

const en = {
  title: 'Failed sign-ins',
  text: `Sign-ins that failed at the identity provider or were refused here, in the last ${DAYS} days.`,
  problem: 'Problem',
  account: 'Account',
  when: 'When',
  times: (count: number) => `${count} times, most recently:`,
  noAccount: 'Unknown',
  unknown: 'The sign-in failed.',
  none: `No sign-in failed in the last ${DAYS} days.`,
  noneOfLatest: (count: number) => `None of the latest ${count} sign-ins failed.`,
  older: 'Look further back',
  refresh: 'Refresh',
  inAuditLog: 'All sign-ins in the audit log',
};

const de: typeof en = {
  title: 'Gescheiterte Anmeldungen',
  text: `Anmeldungen, die beim Identity-Provider gescheitert sind oder hier abgewiesen wurden, in den letzten ${DAYS} Tagen.`,
  problem: 'Problem',
  account: 'Konto',
  when: 'Wann',
  times: (count) => `${count}-mal, zuletzt:`,
  noAccount: 'Unbekannt',
  unknown: 'Die Anmeldung ist gescheitert.',
  none: `In den letzten ${DAYS} Tagen ist keine Anmeldung gescheitert.`,
  noneOfLatest: (count) => `Keine der letzten ${count} Anmeldungen ist gescheitert.`,
  older: 'Weiter zurück suchen',
  refresh: 'Aktualisieren',
  inAuditLog: 'Alle Anmeldungen im Audit-Log',
};

const failedTexts: PageTexts<typeof en> = { en, de };

/** Why people could not sign in, with the remedy. */
export function FailedSignInsCard() {
  const texts = usePageTexts(failedTexts);
  const { orgId } = usePlace();
  const signIns = useFailedSignIns();
  const columns = useColumns();
  return (
    <SettingsCard title={texts.title} text={texts.text} help="failedSignIns">
      <Loaded query={signIns}>
        {({ pages }) => (
          <SimpleTable
            caption={texts.title}
            columns={columns}
            rows={folded(pages.flatMap(({ failed }) => failed))}
            keyOf={({ id }) => id}
            emptyText={signIns.hasNextPage ? texts.noneOfLatest(pages.length * PAGE_SIZE) : texts.none}
          />
        )}
      </Loaded>
      <MoreButton label={texts.older} list={signIns} />
      <Group justify="space-between">
        <Anchor
          component={Link}
          size="sm"
          to={`/organizations/${orgId}/settings/audit-log?period=${DAYS}&operation=login`}
        >
          {texts.inAuditLog}
        </Anchor>
        <Button variant="default" loading={signIns.isRefetching} onClick={() => void signIns.refetch()}>
          {texts.refresh}
        </Button>
      </Group>
    </SettingsCard>
  );
}

type Row = FailedSignIn & { readonly count: number };

/** The same problem of the same account is one row, with the time of the latest sign-in. */
function folded(signIns: readonly FailedSignIn[]): Row[] {
  const groups = Map.groupBy(signIns, ({ code, member }) => `${code} ${member?.email ?? ''}`);
  return [...groups.values()].flatMap(([latest, ...others]) =>
    latest ? [{ ...latest, count: others.length + 1 }] : [],
  );
}

function useColumns(): SimpleColumn<Row>[] {
  const texts = usePageTexts(failedTexts);
  const problems = usePageTexts(problemTexts);
  const time = useRecentTimes();
  const account = ({ member }: Row) => (member ? member.name || member.email : texts.noAccount);
  const when = (row: Row) => `${row.count > 1 ? `${texts.times(row.count)} ` : ''}${time(row.time)}`;
  return [
    {
      label: texts.problem,
      cell: (row) => {
        const [problem, remedy] = problems[row.code] ?? [texts.unknown, ''];
        return (
          <>
            <Text size="sm">{problem}</Text>
            <Text size="sm" c="dimmed">
              {remedy}
            </Text>
            <Code>{row.code}</Code>
            <Text size="xs" c="dimmed" mt={4} hiddenFrom="sm">
              {`${texts.account}: ${account(row)}`}
              <br />
              {when(row)}
            </Text>
          </>
        );
      },
    },
    {
      label: texts.account,
      visibleFrom: 'sm',
      width: 150,
      cell: (row) => (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }} title={row.member?.email}>
          {account(row)}
        </Text>
      ),
    },
    {
      label: texts.when,
      visibleFrom: 'sm',
      width: 170,
      cell: (row) => <Text size="sm">{when(row)}</Text>,
    },
  ];
}
