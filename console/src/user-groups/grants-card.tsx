import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { EndField, useEnd } from '../access-ends/end-field';
import { EndNote } from '../access-ends/end-note';
import { useRoleEnd } from '../access-ends/role-end-dialog';
import { namedEnd } from '../access-ends/role-until';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { RowMenu } from '../common/row-menu';
import { RoleSelect } from '../roles/role-select';
import { useWorkspaceRoles } from '../roles/role-list';
import { SettingsCard } from '../common/settings-card';
import { useMay } from '../session/use-organization';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { usePageTexts, useTexts } from '../texts/texts';
import { useWorkspaceName } from './names';
import { userGroupTexts } from './texts';
import { type Grant, type UserGroup, useGrants, useGrantActions } from './use-user-groups';

/** The role of a group in each workspace: at most one. */
export function GrantsCard({ group }: { group: UserGroup }) {
  const texts = usePageTexts(userGroupTexts);
  const grants = useGrants(group.id);
  const mayManage = useMay('organization:user-groups:manage-grants');
  return (
    <SettingsCard title={texts.grants} text={texts.grantsText} help="groupEffect">
      <Loaded query={grants}>
        {(all) => (
          <>
            <GrantTable group={group} grants={all} mayManage={mayManage} />
            {mayManage && <NewGrant group={group} grants={all} />}
          </>
        )}
      </Loaded>
      <MoreButton list={grants} />
    </SettingsCard>
  );
}

type TableProps = { group: UserGroup; grants: readonly Grant[]; mayManage: boolean };

function GrantTable({ group, grants, mayManage }: TableProps) {
  const { common } = useTexts();
  const texts = usePageTexts(userGroupTexts);
  const nameOf = useWorkspaceName();
  const { data: roles = [] } = useWorkspaceRoles();
  const saved = useSaved();
  const { changeGrant, ends, takeBack } = useGrantActions(group.id);
  const roleEnd = useRoleEnd({ roles, requests: ends, canReturn: false });
  const [leaving, setLeaving] = useState<Grant | null>(null);
  const actionsOf = (grant: Grant) => [
    roleEnd.actionFor({ ...grant, id: grant.workspace_id }, nameOf(grant.workspace_id)),
    { label: texts.takeBack, isDangerous: true, run: () => setLeaving(grant) },
  ];
  const columns: SimpleColumn<Grant>[] = [
    { label: texts.workspace, cell: ({ workspace_id: id }) => <Text size="sm">{nameOf(id)}</Text> },
    {
      label: texts.role,
      cell: ({ workspace_id: id, role_id: roleId, role_name: roleName, access_expires_at: end }) => (
        <Stack gap={4}>
          <RoleSelect
            label={texts.roleIn(nameOf(id))}
            roles={roles}
            roleId={roleId}
            roleName={roleName}
            isFixed={!mayManage}
            onChange={(next) =>
              changeGrant.mutate({ workspaceId: id, roleId: next }, { onSuccess: () => saved({}) })
            }
          />
          <EndNote end={end} />
        </Stack>
      ),
    },
    {
      label: common.actionsColumn,
      width: 52,
      isUnseen: true,
      cell: (grant) => (
        <RowMenu who={nameOf(grant.workspace_id)} actions={mayManage ? actionsOf(grant) : []} />
      ),
    },
  ];
  return (
    <>
      {changeGrant.error && <Problem error={changeGrant.error} />}
      <SimpleTable
        caption={texts.grants}
        columns={columns}
        rows={grants}
        keyOf={({ workspace_id: id }) => id}
        emptyText={texts.noGrants}
      />
      {roleEnd.dialog}
      {leaving && (
        <ConfirmDialog
          title={texts.takeBackTitle(nameOf(leaving.workspace_id))}
          text={texts.takeBackText}
          action={texts.takeBack}
          change={takeBack}
          input={leaving}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  );
}

/** Offers the workspaces in which the group has no role yet. */
function NewGrant({ group, grants }: Omit<TableProps, 'mayManage'>) {
  const texts = usePageTexts(userGroupTexts);
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  const { data: roles = [] } = useWorkspaceRoles();
  const saved = useSaved();
  const { grant } = useGrantActions(group.id);
  const chosenEnd = useEnd();
  const { end } = chosenEnd;
  const [chosen, setChosen] = useState({ workspaceId: '', roleId: '' });
  const taken = new Set(grants.map(({ workspace_id: id }) => id));
  const free = workspaces.filter(({ id }) => !taken.has(id));
  const workspaceId = free.some(({ id }) => id === chosen.workspaceId) ? chosen.workspaceId : free[0]?.id;
  const roleId = chosen.roleId || roles.find(({ name }) => name === 'WORKSPACE_VIEWER')?.id;
  if (!workspaceId || !roleId) return null;
  return (
    <>
      {grant.error && <Problem error={grant.error} />}
      <Group align="flex-start">
        <NativeSelect
          label={texts.workspace}
          data={free.map(({ id, display_name: label }) => ({ value: id, label }))}
          value={workspaceId}
          onChange={(event) => setChosen({ ...chosen, workspaceId: event.currentTarget.value })}
        />
        <NativeSelect
          label={texts.role}
          data={roles.map(({ id, display_name: label }) => ({ value: id, label }))}
          value={roleId}
          onChange={(event) => setChosen({ ...chosen, roleId: event.currentTarget.value })}
        />
        <EndField {...chosenEnd} />
      </Group>
      <Group>
        <Button
          variant="default"
          loading={grant.isPending}
          disabled={end === undefined}
          onClick={() =>
            grant.mutate(
              { workspace_id: workspaceId, role_id: roleId, ...namedEnd(end) },
              {
                onSuccess: () => {
                  chosenEnd.reset();
                  saved({});
                },
              },
            )
          }
        >
          {texts.grant}
        </Button>
      </Group>
    </>
  );
}
