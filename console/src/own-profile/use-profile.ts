import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace } from '../session/use-workspaces';

/** A new name, or a new password; the names of members are shown in many lists. */
export function useChangeProfile() {
  const { api } = usePlace();
  return useChange(
    (body: Schemas['BasicAuthUserPatch']) => dataOf(api.PATCH('/api/v1/orgs/members/basic', { body })),
    ['login-methods'],
    ['first-steps'],
    ['organization-members'],
    ['workspace-members'],
    ['own-access'],
  );
}
