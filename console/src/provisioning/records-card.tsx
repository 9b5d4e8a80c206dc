import { Stack, Tabs, Text } from '@mantine/core';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { Address, PersonCell } from '../people/person-cell';
import { scimRolesTexts } from '../scim-roles/texts';
import { SettingsCard } from '../common/settings-card';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts, useRecentTimes } from '../texts/texts';
import { idleTexts } from './idle-texts';
import { provisioningTexts } from './texts';
import { type GroupRecord, useGroupRecords, type UserRecord, useUserRecords } from './use-records';

/** What the identity provider says, and what it gives here. */
export function RecordsCard() {
  const texts = usePageTexts(provisioningTexts);
  return (
    <SettingsCard title={texts.records} text={texts.recordsText} help="peopleOfScim">
      <Tabs defaultValue="people" keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="people">{texts.people}</Tabs.Tab>
          <Tabs.Tab value="groups">{texts.groupRecords}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people">
          <People />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <Groups />
        </Tabs.Panel>
      </Tabs>
    </SettingsCard>
  );
}

function People() {
  const texts = usePageTexts(provisioningTexts);
  const records = useUserRecords();
  const columns = usePeopleColumns();
  return (
    <Stack>
      <Loaded query={records}>
        {({ pages }) => (
          <SimpleTable
            caption={texts.people}
            columns={columns}
            rows={pages.flatMap(({ items }) => items)}
            keyOf={({ id }) => id}
            emptyText={texts.noPeople}
          />
        )}
      </Loaded>
      <MoreButton list={records} />
    </Stack>
  );
}

function usePeopleColumns(): SimpleColumn<UserRecord>[] {
  const texts = usePageTexts(provisioningTexts);
  const time = useRecentTimes();
  const { orgId } = usePlace();
  return [
    {
      label: texts.person,
      cell: (user) => (
        <>
          <PersonCell
            name={user.full_name}
            email={user.email}
            badge={user.active ? undefined : texts.disabled}
            to={`/organizations/${orgId}/settings/members/${user.identity_id}`}
          />
          <Text size="xs" c="dimmed" hiddenFrom="sm" className="wrapped">
            {user.external_id ? texts.externalId(user.external_id) : texts.noExternalId}
            <br />
            {`${user.role_name}, ${texts.inGroups(user.group_count)}`}
            <br />
            <IgnoredRoles user={user} />
            {`${texts.changed}: ${time(user.updated_at)}`}
          </Text>
        </>
      ),
    },
    {
      label: texts.atProvider,
      visibleFrom: 'sm',
      cell: (user) => <Identity name={user.user_name} externalId={user.external_id} />,
    },
    {
      label: texts.has,
      visibleFrom: 'sm',
      cell: (user) => (
        <>
          <Text size="sm">{user.role_name}</Text>
          <Text size="xs" c="dimmed" className="wrapped">
            {texts.inGroups(user.group_count)}
            <br />
            <IgnoredRoles user={user} />
          </Text>
        </>
      ),
    },
    {
      label: texts.changed,
      visibleFrom: 'sm',
      width: 165,
      cell: ({ updated_at: at }) => <Text size="sm">{time(at)}</Text>,
    },
  ];
}

/** Roles that the provider sends without effect, each with the reason. */
function IgnoredRoles({ user }: { user: UserRecord }) {
  const texts = usePageTexts(scimRolesTexts);
  return user.ignored_roles.map(({ value, reason }) => (
    <span key={value}>
      {texts.ignored(value, reason)}
      <br />
    </span>
  ));
}

function Identity({ name, externalId }: { name: string; externalId: string | null }) {
  const texts = usePageTexts(provisioningTexts);
  return (
    <>
      <Text size="sm" className="wrapped">
        <Address>{name}</Address>
      </Text>
      <Text size="xs" c="dimmed" className="wrapped">
        {externalId ? texts.externalId(externalId) : texts.noExternalId}
      </Text>
    </>
  );
}

function Groups() {
  const texts = usePageTexts(provisioningTexts);
  const records = useGroupRecords();
  const columns = useGroupColumns();
  return (
    <Stack>
      <Loaded query={records}>
        {({ pages }) => (
          <SimpleTable
            caption={texts.groupRecords}
            columns={columns}
            rows={pages.flatMap(({ items }) => items)}
            keyOf={({ id }) => id}
            emptyText={texts.noGroups}
          />
        )}
      </Loaded>
      <MoreButton list={records} />
    </Stack>
  );
}

function useGroupColumns(): SimpleColumn<GroupRecord>[] {
  const texts = usePageTexts(provisioningTexts);
  const time = useRecentTimes();
  const giftOf = useGift();
  return [
    {
      label: texts.group,
      cell: (group) => (
        <>
          <Identity name={group.display_name} externalId={group.external_id} />
          <Text size="xs" c="dimmed" hiddenFrom="sm" className="wrapped lines">
            {giftOf(group)}
          </Text>
        </>
      ),
    },
    {
      label: texts.grants,
      visibleFrom: 'sm',
      cell: (group) => (
        <Text size="sm" className="wrapped lines">
          {giftOf(group)}
        </Text>
      ),
    },
    {
      label: texts.members,
      width: 100,
      cell: ({ member_count: count }) => <Text size="sm">{count}</Text>,
    },
    {
      label: texts.changed,
      visibleFrom: 'sm',
      width: 165,
      cell: ({ updated_at: at }) => <Text size="sm">{time(at)}</Text>,
    },
  ];
}

/** The roles that a group gives, or why it gives none. */
function useGift(): (group: GroupRecord) => string {
  const texts = usePageTexts(provisioningTexts);
  const idle = usePageTexts(idleTexts);
  return ({ organization_role: role, ...group }) =>
    [
      role && texts.grantsRole(role),
      group.workspace_role &&
        group.workspace_name &&
        texts.grantsWorkspace(group.workspace_role, group.workspace_name),
      group.reason_code && idle[group.reason_code],
      group.needs_admin_token && idle.needsAdminToken,
      group.is_followed && idle.followed,
    ]
      .filter(Boolean)
      .join('\n');
}
