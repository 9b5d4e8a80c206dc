import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../api/client';
import { usePlace } from '../session/use-workspaces';

/** The signed-in user as a member of the organization; null if they are none. */
export function useOwnMembership() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['own-access', orgId],
    queryFn: async () => {
      const id = await dataOf(api.GET('/api/v1/me/ls_user_id'));
      const query = { user_ids: [id], limit: 1 };
      const [member] = await dataOf(api.GET('/api/v1/orgs/current/members/active', { params: { query } }));
      return member ?? null;
    },
  });
}
