import { usePlace, useWorkspaces } from '../session/use-workspaces';
import type { UserGroup } from './use-user-groups';

/** The name of a workspace that the reader may see, else its id. */
export function useWorkspaceName(): (id: string) => string {
  const { orgId } = usePlace();
  const { data = [] } = useWorkspaces(orgId);
  return (id) => data.find((workspace) => workspace.id === id)?.display_name ?? id;
}

/** A group in one workspace is named after its parent and the id of the workspace, of which people know the name. */
export function useGroupName(): (group: UserGroup) => string {
  const workspaceName = useWorkspaceName();
  return ({ name, workspace_id: id }) => (id ? name.replace(id, workspaceName(id)) : name);
}
