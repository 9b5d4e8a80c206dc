import { Stack, Text, Title } from '@mantine/core';
import { MemberTabs } from '../members/member-tabs';
import { useOrganization } from '../shell/use-organization';
import { useTexts } from '../texts/texts';
import { InvitationTable } from './invitation-table';
import { MembersTable } from './members-table';

/** Active and invited members of an organization. */
export function OrganizationMembersPage() {
  const { organizationMembers } = useTexts();
  const { data: organization } = useOrganization();
  return (
    <Stack gap="lg" maw={1100}>
      <div>
        <Title order={1} size="h2">
          {organizationMembers.title}
        </Title>
        <Text c="dimmed">{organization?.display_name}</Text>
      </div>
      <MemberTabs active={<MembersTable />} pending={<InvitationTable />} />
    </Stack>
  );
}
