import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { SecretName, useSecretColumns } from '../keys/secret-columns';
import { useSaved } from '../saved/saved';
import { type PageTexts, useDates, usePageTexts } from '../texts/texts';
import { type OwnApplication, useOwnApplications, useRevokeApplication } from './use-own-applications';

const en = {
  title: 'Your applications',
  text: 'Programs that you have allowed to act for you, in all your organizations. Revoke those that you do not use any more.',
  none: 'You have allowed no application to act for you.',
  application: 'Application',
  organization: 'Organization',
  allowedAt: 'Allowed',
  revoke: 'Revoke',
  revokeTitle: (name: string, organization: string) => `Revoke the access of “${name}” to ${organization}?`,
  revokeText: 'It is refused there at once. To use it again, sign in to it again.',
  revoked: (name: string) => `“${name}” can no longer act for you.`,
};
const de: typeof en = {
  title: 'Ihre Anwendungen',
  text: 'Programme, denen Sie erlaubt haben, für Sie zu handeln, in allen Ihren Organisationen. Widerrufen Sie, was Sie nicht mehr nutzen.',
  none: 'Sie haben keiner Anwendung erlaubt, für Sie zu handeln.',
  application: 'Anwendung',
  organization: 'Organisation',
  allowedAt: 'Erlaubt',
  revoke: 'Widerrufen',
  revokeTitle: (name, organization) => `Zugriff von „${name}“ auf ${organization} widerrufen?`,
  revokeText: 'Sie wird dort sofort abgewiesen. Um sie wieder zu nutzen, melden Sie sich in ihr neu an.',
  revoked: (name) => `„${name}“ kann nicht mehr für Sie handeln.`,
};
const ownTexts: PageTexts<typeof en> = { en, de };

/** Names are the application's own claim. */
type Row = OwnApplication & { readonly description: string };

/** The applications that act for the signed-in user. */
export function OwnApplicationsPage() {
  const texts = usePageTexts(ownTexts);
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead title={texts.title} text={texts.text} />
      <Loaded query={useOwnApplications()}>
        {(applications) => (
          <ApplicationTable rows={applications.map((one) => ({ ...one, description: one.client_name }))} />
        )}
      </Loaded>
    </Stack>
  );
}

function ApplicationTable({ rows }: { rows: readonly Row[] }) {
  const texts = usePageTexts(ownTexts);
  const saved = useSaved();
  const revoke = useRevokeApplication();
  const [asked, ask] = useState<Row | null>(null);
  return (
    <>
      <SimpleTable
        caption={texts.title}
        columns={useColumns(ask)}
        rows={rows}
        keyOf={({ client_id: id, organization_id: orgId }) => `${orgId} ${id}`}
        emptyText={texts.none}
      />
      {asked && (
        <ConfirmDialog
          title={texts.revokeTitle(asked.client_name, asked.organization_name)}
          text={texts.revokeText}
          action={texts.revoke}
          change={revoke}
          input={asked}
          onDone={() => saved({ text: texts.revoked(asked.client_name) })}
          onClose={() => ask(null)}
        />
      )}
    </>
  );
}

function useColumns(ask: (row: Row) => void): SimpleColumn<Row>[] {
  const texts = usePageTexts(ownTexts);
  const date = useDates();
  const [, ...useAndEnd] = useSecretColumns<Row>({
    actionsOf: (row) => [{ label: texts.revoke, isDangerous: true, run: () => ask(row) }],
  });
  return [
    { label: texts.application, cell: (row) => <Name row={row} /> },
    {
      label: texts.organization,
      visibleFrom: 'md',
      cell: ({ organization_name: name }) => (
        <Text size="sm" className="wrapped">
          {name}
        </Text>
      ),
    },
    {
      label: texts.allowedAt,
      visibleFrom: 'lg',
      width: 125,
      cell: ({ authorized_at: at }) => <Text size="sm">{date(at)}</Text>,
    },
    ...useAndEnd,
  ];
}

const Name = ({ row }: { row: Row }) => (
  <>
    <SecretName secret={row} start={hostOf(row)} />
    <Text size="xs" c="dimmed" hiddenFrom="md" className="wrapped">
      {row.organization_name}
    </Text>
  </>
);

/** Of the page that the application names; else its id. */
const hostOf = ({ client_id: id, client_uri: page }: OwnApplication): string =>
  page && URL.canParse(page) ? new URL(page).host : id;
