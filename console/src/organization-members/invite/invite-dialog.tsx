import { Button, Group, NativeSelect, Stack } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Dialog } from '../../common/dialog';
import { Problem } from '../../common/problem';
import { WorkspaceSelect } from '../../common/workspace-select';
import { PeopleField } from '../../members/add/people-field';
import { readPeople } from '../../members/add/read-people';
import { type Role, useOrganizationRoles, useWorkspaceRoles } from '../../members/use-members';
import { useOrganization } from '../../shell/use-organization';
import { usePageTexts } from '../../texts/texts';
import { useInvite } from '../use-organization-members';
import { inviteTexts } from './texts';

type Props = { onClose: () => void; onInvited: (notice: string) => void };

/** Invites people to the organization, and to workspaces of it: all of the list, or none. */
export function InviteDialog({ onClose, onInvited }: Props) {
  const texts = usePageTexts(inviteTexts);
  const { data: organization } = useOrganization();
  const [people, setPeople] = useState('');
  const organizationRole = useChosenRole(useOrganizationRoles().data, 'ORGANIZATION_USER');
  const workspaceRole = useChosenRole(useWorkspaceRoles().data, 'WORKSPACE_USER');
  const [workspaceIds, setWorkspaceIds] = useState<string[]>([]);
  const invite = useInvite();
  const entries = readPeople(people);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const places = workspaceIds.length > 0 ? { workspaceIds, workspaceRoleId: workspaceRole.id } : null;
    const onSuccess = (invited: readonly unknown[]) => onInvited(texts.done(invited.length));
    invite.mutate({ entries, roleId: organizationRole.id, places }, { onSuccess });
  };
  return (
    <Dialog
      title={texts.title(organization?.display_name ?? '')}
      size="xl"
      closesOnClickOutside={people === ''}
      onClose={onClose}
    >
      <form onSubmit={submit}>
        <Stack>
          <PeopleField text={people} setText={setPeople} />
          <RoleChoice label={texts.role} {...organizationRole} />
          <WorkspaceSelect label={texts.workspaces} value={workspaceIds} onChange={setWorkspaceIds} />
          {workspaceIds.length > 0 && <RoleChoice label={texts.workspaceRole} {...workspaceRole} />}
          {invite.error && <Problem error={invite.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={invite.isPending} disabled={entries.length === 0}>
              {entries.length > 0 ? texts.send(entries.length) : texts.button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

type Choice = { id: string; roles: readonly Role[]; onChange: (id: string) => void };

function useChosenRole(roles: readonly Role[] = [], initialName: string): Choice {
  const [chosen, onChange] = useState('');
  const initial = roles.find(({ name }) => name === initialName) ?? roles[0];
  return { id: chosen || (initial?.id ?? ''), roles, onChange };
}

const RoleChoice = ({ label, id, roles, onChange }: Choice & { label: string }) => (
  <NativeSelect
    label={label}
    maw={300}
    data={roles.map((role) => ({ value: role.id, label: role.display_name }))}
    value={id}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
);
