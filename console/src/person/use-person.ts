import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { membersKey } from '../organization-members/use-organization-members';
import { usePlace } from '../session/use-workspaces';

export type Person = Schemas['orgs.OrgMemberEnriched'] & { readonly id: string; readonly ls_user_id: string };

const SESSIONS = '/api/v1/orgs/current/members/{identity_id}/sessions';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const at = (id: string) => ({ params: { path: { identity_id: id } } });

export const nameOf = ({ display_name: name, email }: Person) => name || email || '';

/** `id`: of the user, or of their identity in the organization or a workspace. Null if there is no such member. */
export function usePerson(id: string, enabled: boolean) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...membersKey(orgId), 'person', id],
    queryFn: async () => {
      if (!UUID.test(id)) return null;
      const query = { id_in: [id], active_is: true, limit: 1 };
      const [found] = await dataOf(api.GET('/v1/platform/orgs/current/members', { params: { query } }));
      return (found ?? null) as Person | null; // members have both ids
    },
    enabled,
  });
}

export function useSessions(identityId: string) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: sessionsKey(orgId, identityId),
    queryFn: () => dataOf(api.GET(SESSIONS, at(identityId))),
    staleTime: 0,
  });
}

export function useEndSessions(identityId: string) {
  const { api, orgId } = usePlace();
  return useChange(() => dataOf(api.DELETE(SESSIONS, at(identityId))), sessionsKey(orgId, identityId));
}

const sessionsKey = (orgId: string, identityId: string) => [...membersKey(orgId), 'sessions', identityId];
