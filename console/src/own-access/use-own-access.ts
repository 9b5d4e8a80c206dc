import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../api/client';
import { usePlace } from '../session/use-workspaces';

const MEMBERS = '/api/v1/orgs/current/members';

/** What the signed-in user may do in the organization, and what granted it; null if they are no member of it. */
export function useOwnAccess() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['own-access', orgId],
    queryFn: async () => {
      const id = await dataOf(api.GET('/api/v1/me/ls_user_id'));
      const query = { user_ids: [id], limit: 1 };
      const [member] = await dataOf(api.GET(`${MEMBERS}/active`, { params: { query } }));
      if (!member) return null;
      const params = { path: { identity_id: member.id } };
      return dataOf(api.GET(`${MEMBERS}/{identity_id}/access`, { params }));
    },
  });
}
