import { Button, NativeSelect, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Loaded } from '../common/loaded';
import { TabHead } from '../common/page-tabs';
import { isExpired, SecretName, useSecretColumns } from '../keys/secret-columns';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { DeleteSecretDialog } from '../created-credentials/delete-secret-dialog';
import { useAllRoles } from '../roles/role-list';
import { RotateDialog } from '../rotation/rotate-dialog';
import { rotationTexts } from '../rotation/texts';
import { useMay } from '../session/use-organization';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { usePageTexts, useTexts } from '../texts/texts';
import { ChangeKeyDialog } from './change-key-dialog';
import { CreateKeyDialog } from './create-key-dialog';
import { serviceKeyTexts } from './texts';
import {
  isOfWorkspaces,
  type ServiceKey,
  useDeleteServiceKey,
  useMayChangeKey,
  useMayRotateKey,
  useServiceKeys,
} from '../keys/use-service-keys';

/** The service keys of the organization and of its workspaces. */
export function ServiceKeysPage() {
  const texts = usePageTexts(serviceKeyTexts);
  const keys = useServiceKeys();
  const mayCreate = useMay('organization:pats:create');
  const [isCreating, dialog] = useDisclosure();
  return (
    <Stack gap="lg">
      <TabHead
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
  const reaches = (key: ServiceKey) => !isOfWorkspaces(key) || key.workspace_names?.includes(workspace);
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

type Asked = { changed: ServiceKey } | { rotated: ServiceKey } | { deleted: ServiceKey } | null;

function KeyTable({ keys, mayDelete, emptyText }: TableProps) {
  const words = useTexts().keys;
  const texts = usePageTexts(serviceKeyTexts);
  const remove = useDeleteServiceKey();
  const { rotate } = usePageTexts(rotationTexts);
  const [mayChange, mayRotate] = [useMayChangeKey(), useMayRotateKey()];
  const [asked, ask] = useState<Asked>(null);
  const close = () => ask(null);
  const actionsOf = (key: ServiceKey) => [
    ...(mayChange(key) ? [{ label: texts.change, run: () => ask({ changed: key }) }] : []),
    ...(mayRotate(key) && !isExpired(key) ? [{ label: rotate, run: () => ask({ rotated: key }) }] : []),
    ...(mayDelete ? [{ label: words.remove, isDangerous: true, run: () => ask({ deleted: key }) }] : []),
  ];
  return (
    <>
      <SimpleTable
        caption={texts.title}
        columns={[...useKeyColumns(), ...useSecretColumns<ServiceKey>({ actionsOf, hasMaker: true })]}
        rows={keys}
        keyOf={({ id }) => id}
        emptyText={emptyText}
      />
      {asked && 'changed' in asked && <ChangeKeyDialog serviceKey={asked.changed} onClose={close} />}
      {asked && 'rotated' in asked && <RotateDialog kind="key" rotated={asked.rotated} onClose={close} />}
      {asked && 'deleted' in asked && (
        <DeleteSecretDialog
          id={asked.deleted.id}
          title={texts.removeTitle(asked.deleted.description)}
          change={remove}
          onClose={close}
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
  const roleOf = (key: ServiceKey) => roleName(key.org_role_id) ?? roleName(key.role_id);
  const reachOf = (key: ServiceKey) =>
    isOfWorkspaces(key) ? key.workspace_names?.join(', ') || texts.nowhere : texts.wholeOrganization;
  return [
    {
      label: keys.description,
      cell: (key) => (
        <>
          <SecretName secret={key} start={key.short_key} hasMaker />
          <Text size="xs" c="dimmed" hiddenFrom="sm" className="wrapped">
            {texts.scope}: {[reachOf(key), roleOf(key)].filter(Boolean).join(', ')}
          </Text>
        </>
      ),
    },
    {
      label: texts.scope,
      visibleFrom: 'sm',
      cell: (key) => (
        <>
          <Text size="sm" lineClamp={2}>
            {reachOf(key)}
          </Text>
          <Text size="xs" c="dimmed">
            {roleOf(key)}
          </Text>
        </>
      ),
    },
  ];
}
