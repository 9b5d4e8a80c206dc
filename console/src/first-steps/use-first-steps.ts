import { useQuery } from '@tanstack/react-query';
import { dataOf, pageOf } from '../api/client';
import { signInMethod } from '../page/page-settings';
import { usePlace } from '../session/use-workspaces';

export type Step = 'password' | 'invite' | 'signOn' | 'scim';

/** Which of the first steps are done, as the data shows. Passwords are no step where they are not used. */
export function useFirstSteps() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['first-steps', orgId],
    queryFn: async (): Promise<Partial<Record<Step, boolean>>> => {
      const query = { limit: 1 };
      const [logins, members, invitations, tokens] = await Promise.all([
        dataOf(api.GET('/api/v1/orgs/current/user/login-methods')),
        pageOf(api.GET('/api/v1/orgs/current/members/active', { params: { query } })),
        pageOf(api.GET('/api/v1/orgs/current/members/pending', { params: { query } })),
        dataOf(api.GET('/v1/platform/orgs/current/scim/tokens')),
      ]);
      const chooser = logins.find((login) => login.password_chosen_by)?.password_chosen_by;
      return {
        ...(signInMethod === 'password' && chooser ? { password: chooser === 'owner' } : {}),
        invite: members.total > 1 || invitations.total > 0,
        signOn: signInMethod === 'sso',
        scim: tokens.length > 0,
      };
    },
  });
}
