import { Stack, Tabs, Text, Title } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { useOrganization } from '../shell/use-organization';
import { useTexts } from '../texts/texts';
import { InvitationTable } from './invitation-table';
import { MembersTable } from './members-table';

/** Active and invited members of an organization. */
export function OrganizationMembersPage() {
  const { members, organizationMembers } = useTexts();
  const { data: organization } = useOrganization();
  const [search, setSearch] = useSearchParams();
  const tab = search.get('tab') === 'pending' ? 'pending' : 'active';
  return (
    <Stack gap="lg" maw={1100}>
      <div>
        <Title order={1} size="h2">
          {organizationMembers.title}
        </Title>
        <Text c="dimmed">{organization?.display_name}</Text>
      </div>
      <Tabs
        value={tab}
        onChange={(next) => setSearch(next === 'pending' ? { tab: 'pending' } : {})}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="active">{members.active}</Tabs.Tab>
          <Tabs.Tab value="pending">{members.pending}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="active">
          <MembersTable />
        </Tabs.Panel>
        <Tabs.Panel value="pending">
          <InvitationTable />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
