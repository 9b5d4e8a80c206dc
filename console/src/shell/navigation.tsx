import { NavLink, Select, Stack } from '@mantine/core';
import { NavLink as RouterLink, useNavigate, useParams } from 'react-router';
import { apiUrl } from '../page-settings';
import { useTexts } from '../texts/texts';
import { useWorkspaces } from './use-workspaces';

/** The workspace, and the pages that it has. */
export function Navigation() {
  const { shell } = useTexts();
  const { orgId = '', workspaceId = '' } = useParams();
  const { data = [] } = useWorkspaces(orgId);
  const navigate = useNavigate();
  const workspaces = data.filter((workspace) => !workspace.is_deleted);
  const pathOf = (id: string) => `/organizations/${orgId}/workspaces/${id}/members`;
  return (
    <Stack component="nav" gap="md" aria-label={shell.workspace}>
      {workspaces.length > 0 && (
        <Select
          label={shell.workspace}
          data={workspaces.map(({ id, display_name: label }) => ({ value: id, label }))}
          value={workspaceId}
          searchable={workspaces.length > 10}
          allowDeselect={false}
          onChange={(id) => id && void navigate(pathOf(id))}
        />
      )}
      <div>
        {workspaceId && (
          <NavLink component={RouterLink} to={pathOf(workspaceId)} label={shell.workspaceMembers} active />
        )}
        <NavLink href={`${apiUrl}/docs`} label={shell.apiReference} />
      </div>
    </Stack>
  );
}
