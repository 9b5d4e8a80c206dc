import { Button, Group, NativeSelect, Radio, Stack } from '@mantine/core';
import { DescriptionField } from '../keys/description-field';
import { type SubmitEvent, useState } from 'react';
import { CreatedSecret } from '../common/created-secret';
import { Dialog } from '../common/dialog';
import { ExpirySelect, initialLifetime, useLongestLifetime } from '../keys/expiry-select';
import { Problem } from '../common/problem';
import { WorkspaceSelect } from '../common/workspace-select';
import { useOrganizationRoles, useWorkspaceRoles } from '../roles/role-list';
import { useMay } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { serviceKeyTexts } from './texts';
import { useCreateServiceKey } from '../keys/use-service-keys';

type Scope = 'organization' | 'workspaces';

/** Asks what the key is for and what it may do, then shows it once. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const texts = usePageTexts(serviceKeyTexts);
  const create = useCreateServiceKey();
  return (
    <Dialog title={texts.create} size="lg" closesOnClickOutside={false} onClose={onClose}>
      {create.data ? (
        <CreatedSecret value={create.data.key} text={texts.shownOnce} onClose={onClose} />
      ) : (
        <KeyForm create={create} onClose={onClose} />
      )}
    </Dialog>
  );
}

type FormProps = { create: ReturnType<typeof useCreateServiceKey>; onClose: () => void };

function KeyForm({ create, onClose }: FormProps) {
  const { common } = useTexts();
  const texts = usePageTexts(serviceKeyTexts);
  const limit = useLongestLifetime('service_key');
  const [description, setDescription] = useState('');
  const [scope, setScope] = useState<Scope>('workspaces');
  const [workspaceIds, setWorkspaceIds] = useState<string[]>([]);
  const { role, roles, setRoleId } = useRole(scope);
  const [days, setDays] = useState(initialLifetime(limit));
  const isOfWorkspaces = scope === 'workspaces';
  const isComplete = description.trim() !== '' && role && (!isOfWorkspaces || workspaceIds.length > 0);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!role) return;
    const where = isOfWorkspaces ? workspaceIds : null;
    create.mutate({ description: description.trim(), workspaceIds: where, roleId: role.id, days });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {create.error && <Problem error={create.error} />}
        <DescriptionField value={description} hint={texts.descriptionHint} onChange={setDescription} />
        <ScopeChoice scope={scope} onChange={setScope} />
        {isOfWorkspaces && (
          <WorkspaceSelect label={texts.workspaces} value={workspaceIds} onChange={setWorkspaceIds} />
        )}
        <NativeSelect
          label={texts.role}
          maw={300}
          data={roles.map(({ id, display_name: label }) => ({ value: id, label }))}
          value={role?.id ?? ''}
          onChange={(event) => setRoleId(event.currentTarget.value)}
        />
        <ExpirySelect value={days} limit={limit} onChange={setDays} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!isComplete}>
            {texts.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The chosen role of that scope, at first the one with the fewest permissions. */
function useRole(scope: Scope) {
  const { data: ofOrganization = [] } = useOrganizationRoles();
  const { data: ofWorkspaces = [] } = useWorkspaceRoles();
  const [roleId, setRoleId] = useState('');
  const roles = scope === 'workspaces' ? ofWorkspaces : ofOrganization;
  const least = roles.toSorted((one, other) => one.permissions.length - other.permissions.length)[0];
  return { roles, role: roles.find(({ id }) => id === roleId) ?? least, setRoleId };
}

function ScopeChoice({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const texts = usePageTexts(serviceKeyTexts);
  const mayManage = useMay('organization:manage');
  return (
    <Radio.Group label={texts.scope} value={scope} onChange={(value) => onChange(value)}>
      <Stack gap="xs" mt={4}>
        <Radio value="workspaces" label={texts.someWorkspaces} />
        <Radio
          value="organization"
          label={texts.wholeOrganization}
          disabled={!mayManage}
          description={mayManage ? undefined : texts.onlyAdmins}
        />
      </Stack>
    </Radio.Group>
  );
}
