import { Button, Group, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import { WorkspaceSelect } from '../common/workspace-select';
import { useWorkspaceRoles } from '../roles/role-list';
import { usePageTexts, useTexts } from '../texts/texts';
import { ssoTexts } from './texts';
import { SettingsCard } from '../common/settings-card';
import { type FirstPlaces, type SsoSettings, useSaveSsoSettings } from './use-sso-settings';

type Props = { settings: SsoSettings | null; first: FirstPlaces; mayManage: boolean };

/** The workspaces and the role of people who sign in for the first time. */
export function FirstSignInCard({ settings, first, mayManage }: Props) {
  const { common } = useTexts();
  const sso = usePageTexts(ssoTexts);
  const { data: roles = [] } = useWorkspaceRoles();
  const save = useSaveSsoSettings(settings);
  const saved = useSaved();
  const [workspaceIds, setWorkspaceIds] = useState(first.workspaceIds);
  const [roleId, setRoleId] = useState(first.roleId);
  const change = { default_workspace_ids: workspaceIds, default_workspace_role_id: roleId };
  return (
    <SettingsCard title={sso.firstSignIn} text={sso.firstSignInText} help="firstSignIn">
      {save.error && <Problem error={save.error} />}
      <WorkspaceSelect
        label={sso.defaultWorkspaces}
        value={workspaceIds}
        onChange={setWorkspaceIds}
        disabled={!mayManage}
        error={workspaceIds.length === 0 && sso.chooseWorkspace}
      />
      <NativeSelect
        label={sso.defaultRole}
        maw={300}
        data={roles.map(({ id, display_name: label }) => ({ value: id, label }))}
        value={roleId}
        onChange={(event) => setRoleId(event.currentTarget.value)}
        disabled={!mayManage}
      />
      <Group>
        <Button
          disabled={!mayManage || workspaceIds.length === 0}
          loading={save.isPending}
          onClick={() => save.mutate(change, { onSuccess: () => saved({ text: sso.saved }) })}
        >
          {common.save}
        </Button>
      </Group>
    </SettingsCard>
  );
}
