import { useState } from 'react';
import { EndField, useEnd } from '../access-ends/end-field';
import { namedEnd } from '../access-ends/role-until';
import { endTexts } from '../access-ends/texts';
import { apiIn, dataOf } from '../api/client';
import { BulkDialog, type BulkDialogProps } from '../members/bulk/bulk-dialog';
import { NotDone } from '../members/bulk/not-done';
import { Choice } from '../members/bulk/role-dialog';
import { bulkTexts } from '../members/bulk/texts';
import { useGroupOptions } from '../members/filters/use-filters';
import { useWorkspaceRoles } from '../roles/role-list';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { membersKey, type OrganizationMember } from './use-organization-members';

type Props = BulkDialogProps<OrganizationMember>;

export function AddToGroupDialog(props: Props) {
  const texts = usePageTexts(bulkTexts);
  const { api, orgId } = usePlace();
  const groups = useGroupOptions().map(({ value: id, label }) => ({ id, display_name: label }));
  const [groupId, setGroupId] = useState('');
  const chosenEnd = useEnd();
  const { end } = chosenEnd;
  const { kept } = usePageTexts(endTexts);
  const group = groups.find(({ id }) => id === groupId);
  const add = async ({ id }: OrganizationMember) => {
    const { items } = await dataOf(
      api.POST('/v1/platform/orgs/current/user-groups/{user_group_id}/members', {
        params: { path: { user_group_id: groupId } },
        body: { identity_ids: [id], ...namedEnd(end) },
      }),
    );
    if (items.some(({ status }) => status === 'FAILED')) throw new NotDone(texts.notAdded);
    if (items.some(({ access_expires_at_applied: applied }) => applied === false)) throw new NotDone(kept);
  };
  return (
    <BulkDialog
      {...props}
      title={texts.groupTitle(props.rows.length)}
      text={texts.groupText}
      action={texts.add}
      run={group && end !== undefined ? add : null}
      keys={[membersKey(orgId), ['user-groups', orgId]]}
      doneText={({ length }) => texts.addedToGroup(length, group?.display_name ?? '')}
    >
      <Choice label={texts.group} items={groups} value={groupId} onChange={setGroupId} />
      <EndField {...chosenEnd} />
    </BulkDialog>
  );
}

export function AddToWorkspaceDialog(props: Props) {
  const texts = usePageTexts(bulkTexts);
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  const { data: roles = [] } = useWorkspaceRoles();
  const [workspaceId, setWorkspaceId] = useState('');
  const [roleId, setRoleId] = useState('');
  const chosenEnd = useEnd();
  const { end } = chosenEnd;
  const { kept } = usePageTexts(endTexts);
  const workspace = workspaces.find(({ id }) => id === workspaceId);
  const add = async ({ id }: OrganizationMember) => {
    const member = await dataOf(
      apiIn({ orgId, workspaceId }).POST('/api/v1/workspaces/current/members', {
        body: { org_identity_id: id, role_id: roleId, ...namedEnd(end) },
      }),
    );
    if (end && Date.parse(member.access_expires_at ?? '') !== Date.parse(end)) throw new NotDone(kept);
  };
  return (
    <BulkDialog
      {...props}
      title={texts.workspaceTitle(props.rows.length)}
      text={texts.workspaceText}
      action={texts.add}
      run={workspace && roleId && end !== undefined ? add : null}
      keys={[membersKey(orgId), ['workspace-members', workspaceId]]}
      doneText={({ length }) => texts.addedToWorkspace(length, workspace?.display_name ?? '')}
    >
      <Choice label={texts.workspace} items={workspaces} value={workspaceId} onChange={setWorkspaceId} />
      <Choice label={texts.workspaceRole} items={roles} value={roleId} onChange={setRoleId} />
      <EndField {...chosenEnd} />
    </BulkDialog>
  );
}
