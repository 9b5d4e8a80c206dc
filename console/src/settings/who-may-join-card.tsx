import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useWorkspaceRoles } from '../members/use-members';
import type { OrganizationInfo } from '../shell/use-organization';
import { usePlace, useWorkspaces } from '../shell/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { ssoTexts } from './texts';
import { OrganizationSwitch } from './organization-switch';
import { SettingsCard } from './settings-card';
import type { FirstPlaces } from './use-sso-settings';

type Props = { organization: OrganizationInfo; first: FirstPlaces };

/** Who may join, and what this means for a person at the first sign-in. */
export function WhoMayJoinCard({ organization, first }: Props) {
  const sso = usePageTexts(ssoTexts);
  const { orgId } = usePlace();
  return (
    <SettingsCard title={sso.whoMayJoin} text={sso.whoMayJoinText}>
      <OrganizationSwitch name="jit_provisioning_enabled" label={sso.jit} description={sso.jitText} />
      <Anchor component={Link} to={`/organizations/${orgId}/settings/members?tab=pending`} size="sm">
        {sso.toInvitations}
      </Anchor>
      <DecisionTable organization={organization} first={first} />
    </SettingsCard>
  );
}

function DecisionTable({ organization, first }: Props) {
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
