import { Anchor, Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type SubmitEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { Dialog } from '../common/dialog';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { PageHead } from '../common/page-head';
import { Problem } from '../common/problem';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { discardUnsaved } from '../page/unsaved';
import { useMay } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { useGroupName } from './names';
import { userGroupTexts } from './texts';
import { type UserGroup, useCreateGroup, useUserGroups } from './use-user-groups';

/** The groups that the reader may see, by name. */
export function UserGroupsPage() {
  const texts = usePageTexts(userGroupTexts);
  const groups = useUserGroups();
  const mayManage = useMay('organization:user-groups:manage');
  const mayReadAll = useMay('organization:user-groups:read');
  const [isCreating, dialog] = useDisclosure();
  const columns = useColumns();
  return (
    <Stack gap="lg" maw={1000}>
      <PageHead
        title={texts.title}
        text={texts.text}
        action={mayManage && <Button onClick={dialog.open}>{texts.create}</Button>}
      />
      <Loaded query={groups}>
        {(all) => (
          <SimpleTable
            caption={texts.title}
            columns={columns}
            rows={all}
            keyOf={({ id }) => id}
            emptyText={mayManage ? texts.createFirst : mayReadAll ? texts.none : texts.noneSeen}
          />
        )}
      </Loaded>
      <MoreButton list={groups} />
      {isCreating && <CreateDialog onClose={dialog.close} />}
    </Stack>
  );
}

function useColumns(): SimpleColumn<UserGroup>[] {
  const texts = usePageTexts(userGroupTexts);
  const nameOf = useGroupName();
  return [
    {
      label: texts.name,
      cell: (group) => (
        <>
          <Group gap="xs">
            <Anchor component={Link} to={group.id} size="sm" fw={500}>
              {nameOf(group)}
            </Anchor>
            {group.workspace_id && (
              <Badge variant="light" tt="none">
                {texts.ofWorkspace}
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            {group.description}
          </Text>
        </>
      ),
    },
    {
      label: texts.provider,
      visibleFrom: 'sm',
      width: 280,
      cell: ({ idp_group_name: name, idp_sync_enabled: isSynced }) => (
        <>
          <Text size="sm" truncate>
            {name ?? '–'}
          </Text>
          {name && !isSynced && (
            <Text size="xs" c="dimmed">
              {texts.notSynced}
            </Text>
          )}
        </>
      ),
    },
  ];
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const { common } = useTexts();
  const texts = usePageTexts(userGroupTexts);
  const create = useCreateGroup();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const onSuccess = ({ id }: UserGroup) => {
      discardUnsaved();
      void navigate(id);
    };
    create.mutate({ name: name.trim(), description: description.trim() }, { onSuccess });
  };
  return (
    <Dialog title={texts.create} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          {create.error && <Problem error={create.error} />}
          <TextInput
            label={texts.name}
            data-autofocus
            required
            withAsterisk={false}
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={texts.description}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
              {texts.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
