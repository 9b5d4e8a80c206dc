import { Badge, Group, Paper, Stack, Text, Timeline } from '@mantine/core';
import { EndNote } from '../access-ends/end-note';
import type { Schemas } from '../api/client';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { useDates, useTexts } from '../texts/texts';
import { isByRank, isExplained, type MemberAccess, useMemberAccess } from './use-organization-members';

type Membership = Schemas['HeldMembership'];
type WorkspaceAccess = Schemas['WorkspaceAccess'];

/** Every role of a person: where it holds, and what granted it. */
export function AccessExplanation({ identityId }: { identityId: string }) {
  const query = useMemberAccess(identityId);
  return (
    <Loaded query={query}>
      {(member) => (
        <Stack>
          <Explained member={member} />
          <MoreButton list={query} />
        </Stack>
      )}
    </Loaded>
  );
}

function Explained({ member }: { member: MemberAccess }) {
  const { access } = useTexts();
  return (
    <Stack>
      {member.is_disabled && <Text size="sm">{access.disabled}</Text>}
      <Timeline bulletSize={16} lineWidth={2}>
        <Timeline.Item title={access.organization}>
          <Grant role={member.membership.role_name} membership={member.membership} />
        </Timeline.Item>
        {member.workspaces.some(isByRank) && (
          <Timeline.Item title={access.asOrganizationAdmin(member.workspace_count)} />
        )}
        {member.workspaces.filter(isExplained).map((workspace) => (
          <Timeline.Item key={workspace.workspace_id} title={workspace.workspace_name}>
            {workspace.membership && !isByRank(workspace) && (
              <Grant role={workspace.role_name} membership={workspace.membership} />
            )}
            {workspace.user_groups.map((group) => (
              <GroupGrant key={group.user_group_id} group={group} />
            ))}
            <Policies workspace={workspace} />
          </Timeline.Item>
        ))}
      </Timeline>
      {member.workspaces.length === 0 && (
        <Text size="sm" c="dimmed">
          {access.noWorkspaces}
        </Text>
      )}
    </Stack>
  );
}

/** A user group adds its role to the own one. */
function GroupGrant({ group }: { group: Schemas['GroupAccess'] }) {
  const { access } = useTexts();
  const date = useDates();
  return (
    <Paper withBorder p="xs" mt={4}>
      <Group gap="xs" mb={4}>
        <Badge variant="light" tt="none">
          {group.role_name}
        </Badge>
        <Text size="sm">{access.byGroup(group.user_group_name)}</Text>
      </Group>
      <Text size="xs" c="dimmed">
        {access.since(date(group.added_at), null)}
      </Text>
      <EndNote end={group.access_expires_at} />
    </Paper>
  );
}

/** What policies of roles and groups add or take, by the tags of resources. */
function Policies({ workspace }: { workspace: WorkspaceAccess }) {
  const { access } = useTexts();
  const groupName = (id: string | null) =>
    workspace.user_groups.find((group) => group.user_group_id === id)?.user_group_name;
  return workspace.access_policies.map(({ access_policy_id: id, user_group_id: groupId, ...policy }) => (
    <Paper key={`${id} ${groupId}`} withBorder p="xs" mt={4}>
      <Group gap="xs">
        <Badge variant="light" tt="none" color={policy.effect === 'deny' ? 'red' : 'gray'}>
          {access.policies[policy.effect]}
        </Badge>
        <Text size="sm">{access.byPolicy(policy.access_policy_name, groupName(groupId) ?? null)}</Text>
      </Group>
    </Paper>
  ));
}

function Grant({ role, membership }: { role: string; membership: Membership }) {
  const { access } = useTexts();
  const date = useDates();
  const { source, created_at: since, by, role_changed: change } = membership;
  const { access_expires_at: end, access_expires_set_by: setBy, reverts_to_role_name: next } = membership;
  return (
    <Paper withBorder p="xs" mt={4}>
      <Group gap="xs" mb={4}>
        <Badge variant="light" tt="none">
          {role}
        </Badge>
        <Text size="sm">{access.sources[source]}</Text>
      </Group>
      <Text size="xs" c="dimmed">
        {access.since(date(since), by?.email ?? null)}
      </Text>
      {change && (
        <Text size="xs" c="dimmed">
          {access.roleChanged(date(change.at), change.by.email)}
        </Text>
      )}
      <EndNote end={end} next={next} by={setBy?.email} />
    </Paper>
  );
}
