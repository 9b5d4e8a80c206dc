import { NavLink, Select, Stack, Text } from '@mantine/core';
import { NavLink as RouterLink, useMatch, useNavigate, useParams } from 'react-router';
import { apiUrl } from '../page-settings';
import { useTexts } from '../texts/texts';
import { useMay } from './use-organization';
import { useWorkspaces } from './use-workspaces';

/** The pages of the chosen workspace, then those of the organization. */
export function Navigation() {
  const { common, shell } = useTexts();
  const { orgId = '' } = useParams();
  const mayReadOrganization = useMay('organization:read');
  return (
    <Stack component="nav" gap="md" aria-label={common.menu}>
      <WorkspacePages />
      <div>
        <Text size="xs" c="dimmed" fw={600} mb={4}>
          {shell.settings}
        </Text>
        {mayReadOrganization && (
          <PageLink to={`/organizations/${orgId}/settings/members`} label={shell.organizationMembers} />
        )}
        {mayReadOrganization && (
          <PageLink to={`/organizations/${orgId}/settings/single-sign-on`} label={shell.singleSignOn} />
        )}
        <PageLink to={`/organizations/${orgId}/settings/tokens`} label={shell.ownTokens} />
        <NavLink href={`${apiUrl}/docs`} label={shell.apiReference} />
      </div>
    </Stack>
  );
}

function WorkspacePages() {
  const { shell } = useTexts();
  const { orgId = '', workspaceId } = useParams();
  const { data = [] } = useWorkspaces(orgId);
  const navigate = useNavigate();
  const workspaces = data.filter((workspace) => !workspace.is_deleted);
  const current = workspaceId ?? workspaces[0]?.id;
  const membersOf = (id: string) => `/organizations/${orgId}/workspaces/${id}/members`;
  if (!current) return null;
  return (
    <div>
      <Select
        label={shell.workspace}
        mb="xs"
        data={workspaces.map(({ id, display_name: label }) => ({ value: id, label }))}
        value={current}
        searchable={workspaces.length > 10}
        allowDeselect={false}
        onChange={(id) => id && void navigate(membersOf(id))}
      />
      <PageLink to={membersOf(current)} label={shell.members} />
    </div>
  );
}

const PageLink = ({ to, label }: { to: string; label: string }) => (
  <NavLink component={RouterLink} to={to} label={label} active={useMatch(to) !== null} />
);
