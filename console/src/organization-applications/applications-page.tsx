import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { type RowAction, RowMenu } from '../common/row-menu';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { useSaved } from '../saved/saved';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { useDates, usePageTexts, useTexts } from '../texts/texts';
import { ChangeApplicationDialog, CreateApplicationDialog, RotateSecretDialog } from './application-dialogs';
import { applicationTexts } from './texts';
import {
  type Application,
  useApplications,
  useChangeApplication,
  useDeleteApplication,
} from './use-applications';

/** The applications that belong to the organization. */
export function ApplicationsPage() {
  const texts = usePageTexts(applicationTexts);
  const isAdmin = useIsOrganizationAdmin();
  const [isCreating, dialog] = useDisclosure();
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead
        title={texts.title}
        text={texts.text}
        action={isAdmin && <Button onClick={dialog.open}>{texts.create}</Button>}
      />
      {!isAdmin && <Text size="sm">{texts.forAdmins}</Text>}
      <Loaded query={useApplications()}>
        {(applications) => <ApplicationTable applications={applications} isAdmin={isAdmin} />}
      </Loaded>
      {isCreating && <CreateApplicationDialog onClose={dialog.close} />}
    </Stack>
  );
}

type TableProps = { applications: readonly Application[]; isAdmin: boolean };
type Asked = { what: 'change' | 'rotate' | 'disable' | 'remove'; application: Application } | null;

function ApplicationTable({ applications, isAdmin }: TableProps) {
  const texts = usePageTexts(applicationTexts);
  const { common } = useTexts();
  const [asked, ask] = useState<Asked>(null);
  const actionsOf = useActions(ask);
  const actions: SimpleColumn<Application> = {
    label: common.actionsColumn,
    isUnseen: true,
    width: 52,
    cell: (application) => <RowMenu who={application.client_name} actions={actionsOf(application)} />,
  };
  return (
    <>
      <SimpleTable
        caption={texts.title}
        columns={[...useColumns(), ...(isAdmin ? [actions] : [])]}
        rows={applications}
        keyOf={({ id }) => id}
        emptyText={isAdmin ? texts.createFirst : texts.none}
      />
      {asked && <AskedDialog asked={asked} onClose={() => ask(null)} />}
    </>
  );
}

function AskedDialog({ asked, onClose }: { asked: NonNullable<Asked>; onClose: () => void }) {
  const texts = usePageTexts(applicationTexts);
  const change = useChangeApplication();
  const remove = useDeleteApplication();
  const { what, application } = asked;
  const { id, client_name: name } = application;
  if (what === 'change') return <ChangeApplicationDialog application={application} onClose={onClose} />;
  if (what === 'rotate') return <RotateSecretDialog application={application} onClose={onClose} />;
  return what === 'disable' ? (
    <ConfirmDialog
      title={texts.disableTitle(name)}
      text={texts.disableText}
      action={texts.disable}
      change={change}
      input={{ id, change: { disabled: true } }}
      onClose={onClose}
    />
  ) : (
    <ConfirmDialog
      title={texts.removeTitle(name)}
      text={texts.removeText}
      action={texts.remove}
      change={remove}
      input={id}
      onClose={onClose}
    />
  );
}

function useActions(ask: (asked: Asked) => void) {
  const texts = usePageTexts(applicationTexts);
  const saved = useSaved();
  const change = useChangeApplication();
  const enable = ({ id, client_name: name }: Application) =>
    change.mutate(
      { id, change: { disabled: false } },
      { onSuccess: () => saved({ text: texts.enabled(name) }), onError: (error) => saved({ error }) },
    );
  return (application: Application): RowAction[] => [
    { label: texts.change, run: () => ask({ what: 'change', application }) },
    ...(application.client_type === 'confidential'
      ? [{ label: texts.rotate, run: () => ask({ what: 'rotate', application }) }]
      : []),
    application.disabled
      ? { label: texts.enable, run: () => enable(application) }
      : { label: texts.disable, run: () => ask({ what: 'disable', application }) },
    { label: texts.remove, isDangerous: true, run: () => ask({ what: 'remove', application }) },
  ];
}

const addressesOf = ({ redirect_uris: addresses = [] }: Application) => addresses.join('\n');

function useColumns(): SimpleColumn<Application>[] {
  const texts = usePageTexts(applicationTexts);
  const date = useDates();
  return [
    { label: texts.name, cell: (application) => <Name application={application} /> },
    {
      label: texts.addresses,
      visibleFrom: 'md',
      cell: (application) => (
        <Text size="sm" className="lines wrapped">
          {addressesOf(application) || texts.noAddresses}
        </Text>
      ),
    },
    {
      label: texts.kind,
      visibleFrom: 'sm',
      width: 125,
      cell: ({ client_type: kind }) => <Text size="sm">{texts.kinds[kind]}</Text>,
    },
    {
      label: texts.createdAt,
      visibleFrom: 'lg',
      width: 125,
      cell: ({ created_at: at }) => <Text size="sm">{date(at)}</Text>,
    },
  ];
}

/** On narrow screens with what the other columns say. */
function Name({ application }: { application: Application }) {
  const texts = usePageTexts(applicationTexts);
  return (
    <>
      <Group gap="xs">
        <Text size="sm" fw={500} className="wrapped">
          {application.client_name}
        </Text>
        {application.disabled && (
          <Badge color="red" variant="light" tt="none" style={{ flexShrink: 0 }}>
            {texts.disabled}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" ff="monospace" className="wrapped">
        {application.client_id}
      </Text>
      <Text size="xs" c="dimmed" hiddenFrom="sm">
        {texts.kinds[application.client_type]}
      </Text>
      <Text size="xs" c="dimmed" hiddenFrom="md" className="lines wrapped">
        {addressesOf(application)}
      </Text>
    </>
  );
}
