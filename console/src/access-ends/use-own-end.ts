import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../api/client';
import { usePlace } from '../session/use-workspaces';

/** When the signed-in user's membership or role in the organization ends; null: never, or they are no member. */
export function useOwnEnd() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['own-end', orgId],
    queryFn: async () => {
      const id = await dataOf(api.GET('/api/v1/me/ls_user_id'));
      const query = { user_ids: [id], limit: 1 };
      const [member] = await dataOf(api.GET('/api/v1/orgs/current/members/active', { params: { query } }));
      return member?.access_expires_at ?? null;
    },
  });
}
