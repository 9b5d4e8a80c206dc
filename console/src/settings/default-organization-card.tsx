import { Badge, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { type OrganizationInfo, useSetDefaultOrganization } from '../shell/use-organization';
import { usePageTexts } from '../texts/texts';
import { ssoTexts } from './texts';
import { SettingsCard } from './settings-card';

type Props = { organization: OrganizationInfo; mayManage: boolean };

/** Exactly one organization takes in people who sign in for the first time. */
export function DefaultOrganizationCard({ organization, mayManage }: Props) {
  const sso = usePageTexts(ssoTexts);
  const setDefault = useSetDefaultOrganization();
  const [isAsking, setIsAsking] = useState(false);
  const isDefault = organization.default_sso_provision ?? false;
  return (
    <SettingsCard title={sso.defaultOrganization} text={sso.defaultOrganizationText}>
      <Group justify="space-between">
        <Text size="sm">{isDefault ? sso.isDefault : sso.isNotDefault}</Text>
        {isDefault ? (
          <Badge variant="light" size="lg" tt="none">
            {sso.defaultBadge}
          </Badge>
        ) : (
          <Button disabled={!mayManage} onClick={() => setIsAsking(true)}>
            {sso.setDefault}
          </Button>
        )}
      </Group>
      {isAsking && (
        <ConfirmDialog
          title={sso.setDefaultTitle(organization.display_name ?? '')}
          text={sso.setDefaultText}
          action={sso.setDefault}
          isDangerous={false}
          change={setDefault}
          input={undefined}
          onClose={() => setIsAsking(false)}
        />
      )}
    </SettingsCard>
  );
}
