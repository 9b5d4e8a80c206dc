import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { DescriptionField } from '../keys/description-field';
import { type SubmitEvent, useState } from 'react';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { WorkspaceSelect } from '../common/workspace-select';
import { useOrganizationRoles, useWorkspaceRoles } from '../roles/role-list';
import { useSaved } from '../saved/saved';
import { useDates, usePageTexts, useTexts } from '../texts/texts';
import { serviceKeyTexts } from './texts';
import {
  isOfWorkspaces,
  type ServiceKey,
  useChangeServiceKey,
  useWorkspaceIdsOf,
} from '../keys/use-service-keys';

type Props = { serviceKey: ServiceKey; onClose: () => void };

/** Changes what a key is called and what it may do; its secret and its expiry stay. */
export function ChangeKeyDialog({ serviceKey, onClose }: Props) {
  const { common } = useTexts();
  const texts = usePageTexts(serviceKeyTexts);
  const saved = useSaved();
  const change = useChangeServiceKey();
  const before = useValuesOf(serviceKey);
  const [typed, setTyped] = useState(before);
  const { description } = typed;
  const isComplete = description.trim() !== '' && typed.workspaceIds?.length !== 0;
  const input = { id: serviceKey.id, change: changeOf(serviceKey, before, typed) };
  const isChanged = Object.keys(input.change).length > 0;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      saved({ text: texts.wasChanged(description.trim()) });
      onClose();
    };
    change.mutate(input, { onSuccess });
  };
  return (
    <Dialog
      title={texts.changeTitle(serviceKey.description)}
      size="lg"
      isChanged={isChanged}
      onClose={onClose}
    >
      <form onSubmit={submit}>
        <Stack>
          {change.error && <Problem error={change.error} />}
          <Fields
            serviceKey={serviceKey}
            typed={typed}
            onChange={(part) => setTyped({ ...typed, ...part })}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={change.isPending} disabled={!isComplete || !isChanged}>
              {common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

type Values = { description: string; workspaceIds: string[] | null; roleId: string };

const useValuesOf = (serviceKey: ServiceKey): Values => ({
  description: serviceKey.description,
  workspaceIds: useWorkspaceIdsOf()(serviceKey),
  roleId: (isOfWorkspaces(serviceKey) ? serviceKey.role_id : serviceKey.org_role_id) ?? '',
});

/** Only what was changed, since the server compares each change with what its caller may do. */
function changeOf(serviceKey: ServiceKey, before: Values, { description, workspaceIds, roleId }: Values) {
  const role = isOfWorkspaces(serviceKey) ? { role_id: roleId } : { org_role_id: roleId };
  const inOrder = (ids: string[] | null) => ids?.toSorted().join();
  const isMoved = inOrder(workspaceIds) !== inOrder(before.workspaceIds);
  return {
    ...(description === before.description ? {} : { description: description.trim() }),
    ...(workspaceIds && isMoved ? { workspaces: workspaceIds } : {}),
    ...(roleId === before.roleId ? {} : role),
  };
}

type FieldsProps = Pick<Props, 'serviceKey'> & { typed: Values; onChange: (part: Partial<Values>) => void };

function Fields({ serviceKey, typed, onChange }: FieldsProps) {
  const texts = usePageTexts(serviceKeyTexts);
  const date = useDates();
  const { data: ofOrganization = [] } = useOrganizationRoles();
  const { data: ofWorkspaces = [] } = useWorkspaceRoles();
  const roles = isOfWorkspaces(serviceKey) ? ofWorkspaces : ofOrganization;
  const { expires_at: expiresAt } = serviceKey;
  return (
    <>
      <DescriptionField value={typed.description} onChange={(description) => onChange({ description })} />
      {typed.workspaceIds && (
        <WorkspaceSelect
          label={texts.workspaces}
          value={typed.workspaceIds}
          onChange={(workspaceIds) => onChange({ workspaceIds })}
        />
      )}
      <NativeSelect
        label={texts.role}
        maw={300}
        data={roles.map(({ id, display_name: label }) => ({ value: id, label }))}
        value={typed.roleId}
        onChange={(event) => onChange({ roleId: event.currentTarget.value })}
      />
      <Text size="sm" c="dimmed">
        {expiresAt ? texts.expiryStays(date(expiresAt)) : texts.neverExpires}
      </Text>
    </>
  );
}
