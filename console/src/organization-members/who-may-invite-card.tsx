import { Anchor, Stack } from '@mantine/core';
import { Link } from 'react-router';
import { OrganizationSwitch } from '../common/organization-switch';
import { SettingsCard } from '../common/settings-card';
import { useOrganization } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { invitationTexts } from './texts';

/** The switches about invitations, where people look for them. */
export function WhoMayInviteCard() {
  const texts = usePageTexts(invitationTexts);
  const { orgId } = usePlace();
  const { data: organization } = useOrganization();
  const stored = organization?.workspace_admin_can_invite_to_org ?? false;
  const effective = organization?.workspace_admin_can_invite_to_org_effective ?? stored;
  const isFixed = effective !== stored;
  return (
    <SettingsCard title={texts.title} text={texts.text} help="invitations">
      <Stack gap="sm">
        <OrganizationSwitch
          name="invites_enabled"
          label={texts.invitations}
          description={texts.invitationsText}
        />
        <OrganizationSwitch
          name="workspace_admin_can_invite_to_org"
          label={texts.workspaceAdmins}
          description={isFixed ? texts.fixedByOperator : texts.workspaceAdminsText}
          fixed={isFixed ? effective : null}
        />
      </Stack>
      <Anchor component={Link} to={`/organizations/${orgId}/settings/single-sign-on`} size="sm">
        {texts.toSingleSignOn}
      </Anchor>
    </SettingsCard>
  );
}
