import { Button, NativeSelect, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { SecretName, useSecretColumns } from '../common/secret-columns';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { DeleteSecretDialog } from '../created-credentials/delete-secret-dialog';
import { useAllRoles } from '../members/use-members';
import { useMay } from '../shell/use-organization';
import { usePlace, useWorkspaces } from '../shell/use-workspaces';
import { usePageTexts, useTexts } from '../texts/texts';
import { CreateKeyDialog } from './create-key-dialog';
import { serviceKeyTexts } from './texts';
import { type ServiceKey, useDeleteServiceKey, useServiceKeys } from './use-service-keys';

/** The service keys of the organization and of its workspaces. */
export function ServiceKeysPage() {
  const texts = usePageTexts(serviceKeyTexts);
  const keys = useServiceKeys();
  const mayCreate = useMay('organization:pats:create');
  const [isCreating, dialog] = useDisclosure();
  return (
    <Stack gap="lg" maw={1200}>
      <PageHead
        title={texts.title}
        text={texts.text}
        action={
          <Button onClick={dialog.open} disabled={!mayCreate}>
            {texts.create}
          </Button>
        }
      />
      <Loaded query={keys}>{(all) => <FilteredKeys all={all} mayDelete={mayCreate} />}</Loaded>
      {isCreating && <CreateKeyDialog onClose={dialog.close} />}
    </Stack>
  );
}

/** A key names its workspaces, not their ids. */
function FilteredKeys({ all, mayDelete }: { all: readonly ServiceKey[]; mayDelete: boolean }) {
  const texts = usePageTexts(serviceKeyTexts);
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  const [workspace, setWorkspace] = useState('');
  const reaches = ({ workspace_names: names }: ServiceKey) => !names?.length || names.includes(workspace);
  const shown = workspace ? all.filter(reaches) : all;
  return (
    <Stack gap="sm">
      {all.length > 0 && (
        <NativeSelect
          label={texts.showFor}
          maw={320}
          data={[{ value: '', label: texts.all }, ...workspaces.map(({ display_name: name }) => name)]}
          value={workspace}
          onChange={(event) => setWorkspace(event.currentTarget.value)}
        />
      )}
      <KeyTable keys={shown} mayDelete={mayDelete} emptyText={workspace ? texts.noneHere : texts.none} />
    </Stack>
  );
}

type TableProps = { keys: readonly ServiceKey[]; mayDelete: boolean; emptyText: string };

function KeyTable({ keys, mayDelete, emptyText }: TableProps) {
  const texts = usePageTexts(serviceKeyTexts);
  const remove = useDeleteServiceKey();
  const [leaving, setLeaving] = useState<ServiceKey | null>(null);
  const times = useSecretColumns<ServiceKey>(mayDelete ? setLeaving : null);
  return (
    <>
      <SimpleTable
        caption={texts.title}
        columns={[...useKeyColumns(), ...times]}
        rows={keys}
        keyOf={({ id }) => id}
        emptyText={emptyText}
      />
      {leaving && (
        <DeleteSecretDialog
          id={leaving.id}
          title={texts.removeTitle(leaving.description)}
          change={remove}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  );
}

function useKeyColumns(): SimpleColumn<ServiceKey>[] {
  const { keys } = useTexts();
  const texts = usePageTexts(serviceKeyTexts);
  const { data: roles = [] } = useAllRoles();
  const roleName = (id: string | null | undefined) => roles.find((role) => role.id === id)?.display_name;
  return [
    {
      label: keys.description,
      cell: ({ description, short_key: start, expires_at: expiresAt }) => (
        <SecretName description={description} start={start} expiresAt={expiresAt} />
      ),
    },
    {
      label: texts.scope,
      cell: ({ workspace_names: names, role_id: roleId, org_role_id: orgRoleId }) => (
        <>
          <Text size="sm" lineClamp={2}>
            {names?.length ? names.join(', ') : texts.wholeOrganization}
          </Text>
          <Text size="xs" c="dimmed">
            {roleName(orgRoleId) ?? roleName(roleId)}
          </Text>
        </>
      ),
    },
    {
      label: texts.createdBy,
      visibleFrom: 'md',
      cell: ({ created_by: creator }) => (
        <Text size="sm" truncate>
          {creator ?? texts.unknown}
        </Text>
      ),
    },
  ];
}
