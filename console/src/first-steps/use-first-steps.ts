import { useQuery } from '@tanstack/react-query';
import { dataOf, pageOf } from '../api/client';
import { signInMethod } from '../page-settings';
import { usePlace } from '../shell/use-workspaces';

export type Step = 'invite' | 'signOn' | 'scim';

/** Which of the first steps an organization has done, as its data shows. */
export function useFirstSteps() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['first-steps', orgId],
    queryFn: async (): Promise<Record<Step, boolean>> => {
      const query = { limit: 1 };
      const [members, invitations, tokens] = await Promise.all([
        pageOf(api.GET('/api/v1/orgs/current/members/active', { params: { query } })),
        pageOf(api.GET('/api/v1/orgs/current/members/pending', { params: { query } })),
        dataOf(api.GET('/v1/platform/orgs/current/scim/tokens')),
      ]);
      return {
        invite: members.total > 1 || invitations.total > 0,
        signOn: signInMethod === 'sso',
        scim: tokens.length > 0,
      };
    },
  });
}
