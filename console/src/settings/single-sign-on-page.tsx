import { Stack, Text } from '@mantine/core';
import { PageHead } from '../common/page-head';
import { Problem } from '../common/problem';
import { Waiting } from '../common/loaded';
import { FailedSignInsCard } from '../failed-sign-ins/failed-sign-ins-card';
import { signInMethod } from '../page/page-settings';
import { useMay, useOrganization } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { SignInRequirementCard } from '../sign-in-requirement/sign-in-requirement-card';
import { TestSignInCard } from '../test-sign-in/test-sign-in-card';
import { usePageTexts } from '../texts/texts';
import { ssoTexts } from './texts';
import { DefaultOrganizationCard } from './default-organization-card';
import { FirstSignInCard } from './first-sign-in-card';
import { GroupsCard } from './groups-card';
import { ProviderCard } from './provider-card';
import { WhoMayJoinCard } from './who-may-join-card';
import { useFirstPlaces, useSsoSettings } from './use-sso-settings';

/** What people get who sign in for the first time, and who may sign in at all. */
export function SingleSignOnPage() {
  const sso = usePageTexts(ssoTexts);
  const { orgId } = usePlace();
  const organization = useOrganization();
  const settings = useSsoSettings(orgId);
  const mayManage = useMay('organization:manage');
  const error = organization.error ?? settings.error;
  const first = useFirstPlaces(orgId);
  const isLoaded = organization.data && settings.data !== undefined && first;
  return (
    <Stack gap="lg" maw={760}>
      <PageHead title={sso.title} text={organization.data?.display_name ?? ''} />
      {error && <Problem error={error} />}
      {!mayManage && isLoaded && <Text size="sm">{sso.readOnly}</Text>}
      {!isLoaded && !error && <Waiting />}
      {organization.data && settings.data !== undefined && first && (
        <>
          <ProviderCard mayManage={mayManage} />
          {mayManage && signInMethod === 'sso' && (
            <>
              <TestSignInCard organization={organization.data} />
              <FailedSignInsCard />
            </>
          )}
          {signInMethod === 'sso' && <SignInRequirementCard organization={organization.data} />}
          <DefaultOrganizationCard isDefault={organization.data.default_sso_provision ?? false} />
          <FirstSignInCard settings={settings.data} first={first} mayManage={mayManage} />
          <WhoMayJoinCard organization={organization.data} />
          <GroupsCard settings={settings.data} first={first} mayManage={mayManage} />
        </>
      )}
    </Stack>
  );
}
