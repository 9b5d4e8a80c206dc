import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client';
import { Loaded } from '../common/loaded';
import { useWorkspaceRoles } from '../roles/role-list';
import type { OrganizationInfo } from '../session/use-organization';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { ssoTexts } from './texts';
import { OrganizationSwitch } from '../common/organization-switch';
import { SettingsCard } from '../common/settings-card';
import { useSignInOutcomes } from './use-sso-settings';

type Props = { organization: OrganizationInfo };
type Outcomes = Schemas['SignInOutcomes'];
type Outcome = Outcomes['outcomes'][number];

/** Who may join, and what this means for a person at a sign-in. */
export function WhoMayJoinCard({ organization }: Props) {
  const sso = usePageTexts(ssoTexts);
  const { orgId } = usePlace();
  return (
    <SettingsCard title={sso.whoMayJoin} text={sso.whoMayJoinText} help="joining">
      <OrganizationSwitch name="jit_provisioning_enabled" label={sso.jit} description={sso.jitText} />
      <Anchor component={Link} to={`/organizations/${orgId}/settings/organization`} size="sm">
        {sso.toInvitations}
      </Anchor>
      <Loaded query={useSignInOutcomes(organization)}>
        {(outcomes) => <OutcomeTable isDefault={organization.default_sso_provision ?? false} {...outcomes} />}
      </Loaded>
    </SettingsCard>
  );
}

/** As the server decides; only the default organization decides about people who are new. */
function OutcomeTable({ isDefault, ...all }: Outcomes & { isDefault: boolean }) {
  const sso = usePageTexts(ssoTexts);
  const inWords = useOutcomeInWords(all);
  return (
    <div>
      <Text size="sm" fw={600} mb="xs">
        {sso.decision}
      </Text>
      <Table withTableBorder aria-label={sso.decision}>
        <Table.Tbody>
          {all.outcomes.map((outcome) => {
            const { person, has_group: hasGroup } = outcome;
            const group = hasGroup === null ? '' : hasGroup ? sso.withGroup : sso.withoutGroup;
            return (
              <OutcomeRow
                key={`${person}${hasGroup}`}
                who={sso.people[person] + group}
                what={inWords(outcome)}
              />
            );
          })}
          {!isDefault && <OutcomeRow who={sso.people.new} what={sso.notDefaultDenied} />}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const OutcomeRow = ({ who, what }: { who: string; what: string }) => (
  <Table.Tr>
    <Table.Th w="45%">{who}</Table.Th>
    <Table.Td>{what}</Table.Td>
  </Table.Tr>
);

function useOutcomeInWords(all: Outcomes): (outcome: Outcome) => string {
  const sso = usePageTexts(ssoTexts);
  const places = usePlacesInWords(all);
  const areRolesUpdated = all.outcomes.some(({ group_roles: areGiven }) => areGiven);
  const ofGroups = ({ has_group: hasGroup, group_roles: areGiven }: Outcome) =>
    areGiven ? sso.andGroupRoles : hasGroup ? sso.andUserGroups : '';
  return (outcome) => {
    const { rule, refusal, has_group: hasGroup } = outcome;
    if (rule === 'jit') return places + ofGroups(outcome);
    if (rule === 'invitation') return sso.joinsInvited + ofGroups(outcome);
    if (rule === 'invited_elsewhere') return sso.mayAccept;
    if (rule === null) return sso.refusals[refusal ?? ''] ?? sso.denied;
    if (hasGroup) return sso.signsInWith + ofGroups(outcome);
    return hasGroup === false && areRolesUpdated ? sso.signsInWithoutRoles : sso.signsIn;
  };
}

function usePlacesInWords({
  default_workspace_ids: workspaceIds,
  default_workspace_role_id: roleId,
}: Outcomes): string {
  const sso = usePageTexts(ssoTexts);
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  const { data: roles = [] } = useWorkspaceRoles();
  const names = workspaces
    .filter(({ id }) => workspaceIds.includes(id))
    .map(({ display_name: name }) => name);
  const role = roles.find(({ id }) => id === roleId)?.display_name ?? '';
  return names.length === 0 ? sso.joinsNoWorkspace : sso.joinsWorkspaces(names.join(', '), role);
}
