import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { usePlace } from '../session/use-workspaces';

type Member = Schemas['OrgMemberIdentity'];

const FOUND = 20;
const PATH = '/api/v1/orgs/current/members/active';

export const personLabel = ({ full_name: name, email }: Pick<Member, 'full_name' | 'email'>): string =>
  name ? `${name} (${email})` : (email ?? '');

/** Members of the organization whose name or address matches, for the choice of some. */
export function useFoundPeople(text: string) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['people', orgId, text],
    queryFn: () => {
      const query = {
        ...(text ? { q: text } : {}),
        sort_by: 'name',
        sort_by_desc: false,
        limit: FOUND,
      } as const;
      return dataOf(api.GET(PATH, { params: { query } }));
    },
    placeholderData: keepPreviousData,
  });
}

/** The member with this id; undefined while it is loaded, without an id and for people who have left. */
export function usePerson(userId: string): Member | undefined {
  const { api, orgId } = usePlace();
  const { data } = useQuery({
    queryKey: ['person', orgId, userId],
    queryFn: () => dataOf(api.GET(PATH, { params: { query: { user_ids: [userId], limit: 1 } } })),
    enabled: userId !== '',
  });
  return data?.[0];
}
