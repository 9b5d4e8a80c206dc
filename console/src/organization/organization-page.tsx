import { Stack, Text } from '@mantine/core';
import { AccessReportCard } from '../access-report/access-report-card';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { WhoMayInviteCard } from '../organization-members/who-may-invite-card';
import { Facts, SettingsCard } from '../common/settings-card';
import { type OrganizationInfo, useMay, useOrganization } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { KeysCard } from './keys-card';
import { NetworksCard } from './networks-card';
import { PropertiesCard } from './properties-card';
import { organizationTexts } from './texts';

/** The settings of the organization that are not about single sign-on. */
export function OrganizationPage() {
  const texts = usePageTexts(organizationTexts);
  const mayManage = useMay('organization:manage');
  return (
    <Stack gap="lg" maw={760}>
      <PageHead title={texts.title} text={texts.text} />
      <Loaded query={useOrganization()}>
        {(organization) => (
          <>
            {!mayManage && <Text size="sm">{texts.readOnly}</Text>}
            <PropertiesCard organization={organization} mayManage={mayManage} />
            <WhoMayInviteCard />
            <KeysCard organization={organization} mayManage={mayManage} />
            <NetworksCard organization={organization} />
            <AccessReportCard />
            <LimitsCard organization={organization} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

const UNLIMITED = -1;

/** What the operator of the installation allows. */
function LimitsCard({ organization }: { organization: OrganizationInfo }) {
  const texts = usePageTexts(organizationTexts);
  const { max_identities: seats = UNLIMITED, max_workspaces: workspaces = UNLIMITED } = organization.config;
  const limit = (count: number) => (count === UNLIMITED ? texts.noLimit : texts.upTo(count));
  const ofWorkspaces = limit(workspaces);
  return (
    <SettingsCard title={texts.limits} text={texts.limitsText} help="seats">
      <Facts
        facts={[
          [texts.seats, limit(seats)],
          [
            texts.workspaces,
            organization.reached_max_workspaces ? texts.limitReached(ofWorkspaces) : ofWorkspaces,
          ],
        ]}
      />
    </SettingsCard>
  );
}
