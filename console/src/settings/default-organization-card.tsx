import { Badge, Group, Text } from '@mantine/core';
import { usePageTexts } from '../texts/texts';
import { ssoTexts } from './texts';
import { SettingsCard } from '../common/settings-card';

/** Exactly one organization takes in people who sign in for the first time; the organization selector sets it. */
export function DefaultOrganizationCard({ isDefault }: { isDefault: boolean }) {
  const sso = usePageTexts(ssoTexts);
  return (
    <SettingsCard
      title={sso.defaultOrganization}
      text={sso.defaultOrganizationText}
      help="defaultOrganization"
    >
      <Group justify="space-between">
        <Text size="sm">{isDefault ? sso.isDefault : sso.isNotDefault}</Text>
        {isDefault && (
          <Badge variant="light" size="lg" tt="none">
            {sso.defaultBadge}
          </Badge>
        )}
      </Group>
    </SettingsCard>
  );
}
