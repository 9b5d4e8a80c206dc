import { Button, Group, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTexts } from '../texts/texts';
import { ssoTexts } from './texts';
import { SettingsCard } from '../common/settings-card';
import { type FirstPlaces, type SsoSettings, useSaveSsoSettings } from './use-sso-settings';

type Props = { settings: SsoSettings | null; first: FirstPlaces; mayManage: boolean };

/** Roles by the groups that the identity provider sends. */
export function GroupsCard({ settings, first, mayManage }: Props) {
  const { common } = useTexts();
  const sso = usePageTexts(ssoTexts);
  const save = useSaveSsoSettings(settings);
  const saved = useSaved();
  const [isOn, setIsOn] = useState(settings?.sso_groups_enabled ?? false);
  const [isRequired, setIsRequired] = useState(settings?.sso_groups_required ?? false);
  const [syncsRoles, setSyncsRoles] = useState(settings?.sso_groups_role_sync_enabled ?? true);
  const [claim, setClaim] = useState(settings?.sso_groups_claim_field ?? 'groups');
  const change = {
    default_workspace_ids: first.workspaceIds,
    default_workspace_role_id: first.roleId,
    sso_groups_enabled: isOn,
    sso_groups_required: isRequired,
    sso_groups_role_sync_enabled: syncsRoles,
    sso_groups_claim_field: claim.trim(),
  };
  return (
    <SettingsCard title={sso.groups} text={sso.groupsText} help="groupClaim">
      {save.error && <Problem error={save.error} />}
      <Stack gap="sm">
        <Switch
          label={sso.groupsOn}
          checked={isOn}
          disabled={!mayManage}
          onChange={(event) => setIsOn(event.currentTarget.checked)}
        />
        <TextInput
          label={sso.groupsClaim}
          description={sso.groupsClaimText}
          maw={300}
          value={claim}
          disabled={!mayManage || !isOn}
          onChange={(event) => setClaim(event.currentTarget.value)}
        />
        <Switch
          label={sso.groupsRequired}
          description={sso.groupsRequiredText}
          checked={isRequired}
          disabled={!mayManage || !isOn}
          onChange={(event) => setIsRequired(event.currentTarget.checked)}
        />
        <Switch
          label={sso.groupsSync}
          description={sso.groupsSyncText}
          checked={syncsRoles}
          disabled={!mayManage || !isOn}
          onChange={(event) => setSyncsRoles(event.currentTarget.checked)}
        />
      </Stack>
      <Group>
        <Button
          disabled={!mayManage}
          loading={save.isPending}
          onClick={() => save.mutate(change, { onSuccess: () => saved({ text: sso.saved }) })}
        >
          {common.save}
        </Button>
      </Group>
    </SettingsCard>
  );
}
