import { Stack, Switch, Table, Text } from '@mantine/core';
import { Problem } from '../common/problem';
import { useWorkspaceRoles } from '../members/use-members';
import { type OrganizationInfo, useUpdateOrganization } from '../shell/use-organization';
import { usePlace, useWorkspaces } from '../shell/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { ssoTexts } from './texts';
import { SettingsCard } from './settings-card';
import type { FirstPlaces } from './use-sso-settings';

type Props = { organization: OrganizationInfo; first: FirstPlaces; mayManage: boolean };

/** The switches, and what they mean for a person at the first sign-in. */
export function WhoMayJoinCard({ organization, first, mayManage }: Props) {
  const sso = usePageTexts(ssoTexts);
  const update = useUpdateOrganization();
  const stored = organization.workspace_admin_can_invite_to_org ?? false;
  const isFixed = organization.workspace_admin_can_invite_to_org_effective !== stored;
  return (
    <SettingsCard title={sso.whoMayJoin} text={sso.whoMayJoinText}>
      {update.error && <Problem error={update.error} />}
      <Stack gap="sm">
        <Switch
          label={sso.invitations}
          description={sso.invitationsText}
          checked={organization.invites_enabled ?? true}
          disabled={!mayManage || update.isPending}
          onChange={(event) => update.mutate({ invites_enabled: event.currentTarget.checked })}
        />
        <Switch
          label={sso.workspaceAdmins}
          description={isFixed ? sso.fixedByOperator : sso.workspaceAdminsText}
          checked={organization.workspace_admin_can_invite_to_org_effective ?? stored}
          disabled={!mayManage || isFixed || update.isPending}
          onChange={(event) =>
            update.mutate({ workspace_admin_can_invite_to_org: event.currentTarget.checked })
          }
        />
        <Switch
          label={sso.jit}
          description={sso.jitText}
          checked={organization.jit_provisioning_enabled ?? true}
          disabled={!mayManage || update.isPending}
          onChange={(event) => update.mutate({ jit_provisioning_enabled: event.currentTarget.checked })}
        />
      </Stack>
      <DecisionTable organization={organization} first={first} />
    </SettingsCard>
  );
}

function DecisionTable({ organization, first }: Omit<Props, 'mayManage'>) {
  const sso = usePageTexts(ssoTexts);
  const places = usePlacesInWords(first);
  const isDefault = organization.default_sso_provision ?? false;
  const invited = organization.invites_enabled ? sso.joinsInvited : sso.denied;
  const others = organization.jit_provisioning_enabled && isDefault ? places : sso.denied;
  return (
    <div>
      <Text size="sm" fw={600} mb="xs">
        {sso.decision}
      </Text>
      <Table withTableBorder aria-label={sso.decision}>
        <Table.Tbody>
          <DecisionRow who={sso.invitedPerson} what={invited} />
          <DecisionRow who={sso.otherPerson} what={isDefault ? others : sso.notDefaultDenied} />
          <DecisionRow who={sso.member} what={sso.signsIn} />
        </Table.Tbody>
      </Table>
    </div>
  );
}

const DecisionRow = ({ who, what }: { who: string; what: string }) => (
  <Table.Tr>
    <Table.Th w="45%">{who}</Table.Th>
    <Table.Td>{what}</Table.Td>
  </Table.Tr>
);

function usePlacesInWords({ workspaceIds, roleId }: FirstPlaces): string {
  const sso = usePageTexts(ssoTexts);
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  const { data: roles = [] } = useWorkspaceRoles();
  const names = workspaces
    .filter(({ id }) => workspaceIds.includes(id))
    .map(({ display_name: name }) => name);
  const role = roles.find(({ id }) => id === roleId)?.display_name ?? '';
  return sso.joinsWorkspaces(names.join(', '), role);
}
