import { Code, Group, Stack, Text } from '@mantine/core';
import { CopyText } from '../common/copy-text';
import { PageHead } from '../common/page-head';
import { apiUrl } from '../page/page-settings';
import { ScimRolesCard } from '../scim-roles/scim-roles-card';
import { SettingsCard } from '../common/settings-card';
import { useMay } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { GroupNamesCard } from './group-names-card';
import { LatestChangesCard } from './latest-changes-card';
import { RecordsCard } from './records-card';
import { RefusedChangesCard } from './refused-changes-card';
import { ScimTokensCard } from './scim-tokens-card';
import { provisioningTexts } from './texts';

/** What an identity provider needs for SCIM, and what it has done. */
export function ProvisioningPage() {
  const texts = usePageTexts(provisioningTexts);
  const mayManage = useMay('organization:manage');
  return (
    <Stack gap="lg" maw={860}>
      <PageHead title={texts.title} text={texts.text} />
      {!mayManage && <Text size="sm">{texts.readOnly}</Text>}
      <SettingsCard title={texts.connection} text={texts.connectionText} help="connectScim">
        <Group gap="sm" wrap="nowrap">
          <Code aria-label={texts.address} style={{ overflowWrap: 'anywhere' }}>{`${apiUrl}/scim/v2`}</Code>
          <CopyText value={`${apiUrl}/scim/v2`} />
        </Group>
      </SettingsCard>
      <ScimTokensCard mayManage={mayManage} />
      {mayManage && (
        <>
          <RecordsCard />
          <RefusedChangesCard />
          <LatestChangesCard />
          <GroupNamesCard />
          <ScimRolesCard />
        </>
      )}
    </Stack>
  );
}
